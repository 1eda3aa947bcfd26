import { useState } from 'react';
import { type ApiProblem, call, isProblem } from '../api/index.js';
import { type Evidence, evidenceContent } from '../client/index.js';

/** Reads a file of the claim and hands it to the browser's downloads. Unlike a plain link it survives the end of a session and can say what went wrong. */
export function useDownload(claimId: string) {
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  async function download({ evidenceId, fileName }: Pick<Evidence, 'evidenceId' | 'fileName'>): Promise<void> {
    setBusy(evidenceId);
    setProblem(null);
    try {
      const content = await call(() => evidenceContent({ path: { claimId, evidenceId }, parseAs: 'blob' }));
      save(content, fileName ?? evidenceId);
    } catch (error) {
      if (!isProblem(error)) throw error;
      setProblem(error);
    } finally {
      setBusy(null);
    }
  }

  return { download, busy, problem };
}

function save(content: Blob, fileName: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
}
