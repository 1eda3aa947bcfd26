export { CrashPage } from './crash.page.js';
export { HomePage } from './home.page.js';
export { MissingPage } from './missing.page.js';
export { Shell } from './shell.js';
