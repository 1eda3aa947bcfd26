/** A place in a text; lines and columns start at 1. */
export interface Place {
  line: number;
  column: number;
}

export function placeOf(text: string, at: number): Place {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}
