import { isGrpcServiceError } from '@temporalio/client';

/** gRPC's code. */
const deadlineExceeded = 4;
/** CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE: no server, or none that can answer. */
const withoutAnswer = [1, 2, deadlineExceeded, 8, 14];

/** Returns whether a call ran into its deadline, so that a retry is pointless. */
export function isTimeOut(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isTimedOut = [error, error.cause].some((fault) => isGrpcServiceError(fault) && Number(fault.code) === deadlineExceeded);
  return isTimedOut || error.name === 'WorkflowUpdateRPCTimeoutOrCancelledError';
}

/** Returns whether a failed call got an answer from the server, even if the answer was an error. */
export const isAnswered = (error: unknown): boolean => isGrpcServiceError(error) && !withoutAnswer.includes(Number(error.code));
