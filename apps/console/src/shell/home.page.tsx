import { Navigate } from 'react-router';
import { useSession } from '../session/index.js';
import { NoRolePage } from './no-role.page.js';
import { sections } from './sections.js';

/** Leads each person to the first section of theirs. */
export function HomePage() {
  const { can } = useSession();
  const first = sections.find(({ permission }) => can(permission));
  return first === undefined ? <NoRolePage /> : <Navigate to={`/${first.path}`} replace />;
}
