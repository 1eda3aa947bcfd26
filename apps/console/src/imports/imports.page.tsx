import { fileKinds } from './file-kinds.js';
import { FilesPage } from './files-page.js';

/** Claims sent as files. */
export const Component = () => <FilesPage kind={fileKinds.create} />;
