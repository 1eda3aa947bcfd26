import { Inject, Injectable, StreamableFile } from '@nestjs/common';
import { Problem } from '#libs/problems/index.js';
import { type ReceiptContent, type Seal, sealedReceipt } from '#libs/receipts/index.js';
import { SEAL } from '../api.config.js';

/** Prints receipts with the installation's seal. The same receipt is the same file every time, so none is kept. */
@Injectable()
export class ReceiptFiles {
  constructor(@Inject(SEAL) private readonly seal: Seal | null) {}

  get areAvailable(): boolean {
    return this.seal !== null;
  }

  /** @throws Problem `receipts_not_configured` if the installation has no seal */
  async print(content: ReceiptContent): Promise<Uint8Array> {
    if (this.seal === null) throw new Problem('receipts_not_configured');
    return sealedReceipt(content, this.seal);
  }
}

export const receiptType = 'application/pdf';

/** The receipt as a download. */
export function receiptFile(file: Uint8Array): StreamableFile {
  return new StreamableFile(file, { type: receiptType, disposition: 'attachment; filename="receipt.pdf"', length: file.length });
}
