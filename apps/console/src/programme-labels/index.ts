export { type ProgrammeWords, programmeWords } from './programme-words.js';
export { useProgramme } from './use-programme.js';
