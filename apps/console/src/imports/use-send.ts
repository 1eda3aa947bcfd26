import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { newKey } from '../api/index.js';
import { sendWithProgress } from '../evidence-upload/send-with-progress.js';
import type { Taken } from './check-table.js';
import type { FileKind } from './file-kinds.js';
import { writeTable } from './read-file.js';
import { rememberFile, type SentFile } from './sent-files.js';

const types = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson' };

interface Sent extends SentFile {
  /** Index among the kind's choices. */
  choice: number;
  /** What its columns are taken for: the same file under other names is another file. */
  taken: Taken[];
}

/** Sends a file, and shows what becomes of it. `progress` is the part that is sent, null before and after. */
export function useSend(kind: FileKind) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [progress, setProgress] = useState<number | null>(null);
  // The same content under the same key is sent once, however often the button is pressed.
  const keys = useRef(new Map<string, string>());
  const sending = useMutation({
    mutationFn: ({ file, table, choice, taken }: Sent) => {
      const content = file.format === 'csv' ? writeTable(table ?? []) : file.rows.join('\n');
      const named = `${choice} ${taken.join()}`;
      const key = keys.current.get(named) ?? newKey();
      keys.current.set(named, key);
      const headers = { 'Idempotency-Key': key, 'Content-Type': types[file.format] };
      return kind.send({ content, choice, headers, fetch: sendWithProgress(setProgress) });
    },
    onSuccess: async ({ id }, { file, table }) => {
      rememberFile(id, { file, table });
      await client.invalidateQueries({ queryKey: ['imports', kind.name] });
      await navigate(`${kind.path}/${id}`);
    },
    onError: () => setProgress(null),
  });
  return { sending, progress };
}
