import { useState } from 'react';
import { type ApiProblem, isProblem } from '../api/index.js';

/**
 * Reads a file and hands it to the browser's downloads. Unlike a plain link it survives the end of a session and can say what went wrong. `busy` is
 * the id of what is being read.
 */
export function useSave() {
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  async function save(id: string, fileName: string, read: () => Promise<Blob>): Promise<void> {
    setBusy(id);
    setProblem(null);
    try {
      handOver(await read(), fileName);
    } catch (error) {
      if (!isProblem(error)) throw error;
      setProblem(error);
    } finally {
      setBusy(null);
    }
  }

  return { save, busy, problem };
}

function handOver(content: Blob, fileName: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
}
