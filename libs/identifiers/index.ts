export { normaliseDomain } from './domain-name.js';
export { type MailAddress, readMailAddress } from './mail-address.js';
export { pasted, pastedInLowerCase, shown } from './pasted.js';
export { cutTo, storableName, storableText } from './storable.js';
