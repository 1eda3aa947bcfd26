import { useParams } from 'react-router';
import { fileKinds } from './file-kinds.js';
import { FilePage } from './file-page.js';

/** What became of one file of new claims. */
export function Component() {
  const { importId = '' } = useParams();
  return <FilePage key={importId} kind={fileKinds.create} id={importId} />;
}
