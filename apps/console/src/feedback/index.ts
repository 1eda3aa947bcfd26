export { ErrorSummary } from './error-summary.js';
export { Flash } from './flash.js';
export { LeaveGuard } from './leave-guard.js';
export { LoadMore } from './load-more.js';
export { Loading } from './loading.js';
export { ProblemNotice } from './problem-notice.js';
