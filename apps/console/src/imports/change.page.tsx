import { useParams } from 'react-router';
import { fileKinds } from './file-kinds.js';
import { FilePage } from './file-page.js';

/** What became of one file of changes. */
export function Component() {
  const { updateId = '' } = useParams();
  return <FilePage key={updateId} kind={fileKinds.change} id={updateId} />;
}
