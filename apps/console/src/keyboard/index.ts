export { ShortcutHelp } from './shortcut-help.js';
