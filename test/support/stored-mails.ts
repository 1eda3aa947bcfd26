import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface StoredMail {
  subject: string;
  to?: string;
  messageId?: string;
  /** An ISO instant in UTC. */
  receivedAt?: string;
  text?: string;
  html?: string;
  deliveries?: number;
}

/** Use it when a mailbox must start with many mails, or with mails of chosen instants: writes them as the mailbox stores them. Returns their ids. */
export async function storeMails(directory: string, mails: StoredMail[]): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  return Promise.all(
    mails.map(async (mail, index) => {
      const { subject, to = 'anna@contoso.example', text = 'Text.', html, deliveries = 1 } = mail;
      const { messageId = `<stored-${index}@cpor.example>`, receivedAt = new Date(Date.UTC(2026, 11, 1, 12, 0, index)).toISOString() } =
        mail;
      const id = createHash('sha256').update(`${messageId}\n${to}`).digest('hex').slice(0, 24);
      const summary = { id, to, from: 'notices@cpor.example', subject, messageId, receivedAt, deliveries };
      await writeFile(join(directory, `${id}.eml`), sourceOf({ to, subject, messageId, text, html }));
      await writeFile(join(directory, `${id}.json`), JSON.stringify(summary));
      return id;
    }),
  );
}

function sourceOf({ to, subject, messageId, text, html }: { [Name in keyof StoredMail]: string | undefined }): string {
  const headers = [
    'From: <notices@cpor.example>',
    `To: <${to}>`,
    `Subject: ${subject}`,
    `Message-ID: ${messageId}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary="part"',
  ];
  const part = (type: string, content: string) => ['--part', `Content-Type: text/${type}; charset=utf-8`, '', content];
  return [...headers, '', ...part('plain', text ?? ''), ...(html === undefined ? [] : part('html', html)), '--part--', ''].join('\r\n');
}
