export { normaliseDomain } from './domain-name.js';
export { type MailAddress, readMailAddress } from './mail-address.js';
export { pasted, pastedInLowerCase } from './pasted.js';
export { cutTo, storableName, storableText } from './storable.js';
