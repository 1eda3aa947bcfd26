import { DefaultFailureConverter } from '@temporalio/common';

/** Moves messages and stack traces of failures into the encrypted payload. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
