import { fileKinds } from './file-kinds.js';
import { FilesPage } from './files-page.js';

/** Changes to claims, sent as files. */
export const Component = () => <FilesPage kind={fileKinds.change} />;
