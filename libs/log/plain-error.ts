/** An error without anything that may be personal data. */
export interface PlainError {
  type: string;
  message: string;
  stack: string | undefined;
}

/**
 * Keeps of an error only what never contains personal data. A failed query carries its parameters, and a database error the row it is about:
 * logging them as they are would log what people typed.
 */
export function plainError(error: unknown): PlainError {
  if (typeof error !== 'object' || error === null) return { type: typeof error, message: String(error), stack: undefined };
  const { type, name, message, stack } = error as { type?: unknown; name?: unknown; message?: unknown; stack?: unknown };
  const kind = typeof type === 'string' ? type : typeof name === 'string' ? name : 'Error';
  return { type: kind, message: String(message), stack: typeof stack === 'string' ? stack : undefined };
}
