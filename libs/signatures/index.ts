export { renderCheckPage } from './pages/check.page.js';
export { renderReceipt } from './pages/receipt.page.js';
export {
  longestName,
  longestReason,
  renderForwardedPage,
  renderPendingPage,
  renderSignPage,
  type SignedForm,
  type SignFault,
} from './pages/sign.page.js';
export { receiptContentOf } from './receipt.js';
export { checkRecord, findByLink, readSignature, type SignatureRecord, takeCodeTry } from './signature-reader.js';
export { newSigner, type Signer, signerHash } from './signer.js';
export { type Statement, statementOf } from './statement.js';
