export type { ReceiptContent } from './content.js';
export { receiptPdf, sealedReceipt } from './receipt-pdf.js';
export { sandboxSeal, sandboxSealFile, sealOf } from './sandbox-seal.js';
export { readSeal, readSealCertificates, type Seal, type SealCertificates, SealError } from './seal.js';
export { type SealCheck, type SealVerdict, verifySealedPdf } from './verify-sealed-pdf.js';
