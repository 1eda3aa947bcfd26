export { choiceCandidates, latestChoice } from './choice-reader.js';
export type { ChoiceCandidate, ChoiceView } from './choice-view.js';
export { renderChoice } from './choice.mail.js';
export { latestFactsSql, targetLabel } from './claim-words.js';
export {
  copiedLink,
  copyCode,
  copyUrlOf,
  hashToken,
  linkHash,
  type LinkMaker,
  linkUrl,
  reuseLink,
  urlOf,
} from './customer-link.js';
export { calendarType, deadlineCalendar } from './deadline-calendar.js';
export { formatDate, formatDay, formatInstant } from './instant.js';
export { readWaitingLetters, type WaitingLetter } from './letter-reader.js';
export type { LetterView } from './letter-view.js';
export { renderLetter } from './letter.mail.js';
export { type Letter, type LetterKind, letterKinds, lettersOf } from './letters.js';
export { type MailKind, type MailOrigin, messageIdOf, noticeKindSql, readMailOrigins } from './mail-origin.js';
export type { Mail } from './mail-parts.js';
export { checkRelay, createMailer, type Mailer, MailFault, type OutgoingMail, type SendOutcome } from './mailer.js';
export {
  type ChoiceNotice,
  type ConsentNotice,
  type CustomerNotice,
  type NoticeRecipient,
  type OutgoingNotice,
  readNotice,
  readOutgoingNotice,
} from './notice-reader.js';
export type { AnswerPeriod, AnswerWindow, Language, LineState, NoticeLine, NoticeView, Receipt, ReceiptOutcome } from './notice-view.js';
export { renderNotice } from './notice.mail.js';
export { type FormFault, type FormOptions, maximumReasonLength } from './pages/answer.form.js';
export { type ChoiceFault, type ChoiceFormOptions, renderChoiceCopy, renderChoicePage } from './pages/choice.page.js';
export { renderUnavailablePage, renderUnknownLinkPage } from './pages/message.page.js';
export { renderNoticeCopy, renderNoticePage } from './pages/notice.page.js';
export {
  type ExplanationView,
  type ProgrammeEntry,
  renderExplanationPage,
  renderProgrammeList,
  type UsageSetEntry,
} from './pages/explanation.page.js';
export { renderFileCheckPage } from './pages/file-check.page.js';
export { type Places, renderStartPage } from './pages/start.page.js';
export { languageOf, page, pageHeaders, publicPageHeaders } from './pages/page.js';
export { renderReceiptPage } from './pages/receipt.page.js';
export { readReceipts } from './receipt-reader.js';
export { sandboxLinkKey } from './sandbox-link-key.js';
export { counted, type Forms } from './texts/counted.js';
export {
  hashCode,
  openSignatureCode,
  openSignatureLink,
  type SignatureAddressee,
} from './signature-link.js';
export { textVersion } from './texts/index.js';
