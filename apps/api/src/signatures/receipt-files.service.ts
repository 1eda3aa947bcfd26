import { Inject, Injectable, StreamableFile } from '@nestjs/common';
import { contentDisposition } from '#libs/evidence/index.js';
import { Problem } from '#libs/problems/index.js';
import { type ReceiptContent, type Seal, sealedReceipt } from '#libs/receipts/index.js';
import { SEAL } from '../api.config.js';

/** Prints receipts with the installation's seal. Equal content gives an equal file, so none is kept. */
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
export const receiptDisposition = contentDisposition('receipt.pdf');

/** The receipt as a download. */
export function receiptFile(file: Uint8Array): StreamableFile {
  return new StreamableFile(file, { type: receiptType, disposition: receiptDisposition, length: file.length });
}
