/** An error as a log may show it. */
export interface PlainError {
  type: string;
  message: string;
  stack: string | undefined;
}

/**
 * Leaves of an error what never holds personal data. A failed query carries its parameters, and the database's own error the row it was
 * about; whoever logs such an error as it is logs what people typed.
 */
export function plainError(error: unknown): PlainError {
  if (typeof error !== 'object' || error === null) return { type: typeof error, message: String(error), stack: undefined };
  const { type, name, message, stack } = error as { type?: unknown; name?: unknown; message?: unknown; stack?: unknown };
  const kind = typeof type === 'string' ? type : typeof name === 'string' ? name : 'Error';
  return { type: kind, message: String(message), stack: typeof stack === 'string' ? stack : undefined };
}
