import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { CliConfig } from '#libs/config/index.js';
import { readSealCertificates, type SealCheck, type SealVerdict, sandboxSealFile, verifySealedPdf } from '#libs/receipts/index.js';

interface Arguments {
  file: string;
  certificate?: string | undefined;
  json: boolean;
}

const verdicts: Record<SealVerdict, string> = {
  genuine: 'GENUINE: this installation sealed the file, and nothing was changed or added since',
  other_seal: 'UNKNOWN SEAL: the file is unchanged since it was sealed, but another installation sealed it',
  added_to: 'CHANGED: something was added to the file after it was sealed, so it may show something else',
  changed: 'CHANGED: the file is not what was sealed, or a part of it is missing',
  unsealed: 'NO SEAL: the file is a PDF without a seal of cpor',
  not_a_pdf: 'NO PDF: the file is not a PDF',
};

/** Checks the seal of a file and prints what was found. Returns 0 when the file is genuine, otherwise 1. */
export async function verifyFile(
  { file, certificate, json }: Arguments,
  config: CliConfig,
  print: (line: string) => void,
): Promise<number> {
  const known = certificate ?? config.sealFile ?? sandboxFile(config);
  const check = await verifySealedPdf(await readFile(file), known === null ? null : readSealCertificates(known));
  if (json) print(JSON.stringify(check, null, 2));
  else for (const line of linesOf(check, known !== null)) print(line);
  return check.verdict === 'genuine' ? 0 : 1;
}

function sandboxFile({ mode, dataDirectory }: CliConfig): string | null {
  const file = sandboxSealFile(dataDirectory);
  return mode === 'sandbox' && existsSync(file) ? file : null;
}

function linesOf({ verdict, bytesOutside, certificate }: SealCheck, isKnown: boolean): string[] {
  const isUnnamed = verdict === 'other_seal' && !isKnown;
  return [
    isUnnamed
      ? 'UNKNOWN SEAL: the file is unchanged since it was sealed. Pass the certificate of the installation with --certificate to see whether it is theirs.'
      : `${verdicts[verdict]}.`,
    ...(bytesOutside ? [`Bytes added after the seal: ${bytesOutside}`] : []),
    ...(certificate === null
      ? []
      : [
          `Sealed by: ${certificate.subject}`,
          `SHA-256 fingerprint: ${certificate.fingerprint}`,
          `The certificate is valid from ${certificate.validFrom} to ${certificate.validTo}`,
        ]),
  ];
}
