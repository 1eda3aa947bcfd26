export { type Answer, call, callForAnswer, newKey, setCsrfToken, setRequestLanguage } from './call.js';
export { ApiProblem, isProblem } from './problem.js';
export { onSessionEnd, type RefusedSession } from './session-end.js';
