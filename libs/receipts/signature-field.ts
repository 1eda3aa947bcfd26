/** Room for a signature with its certificates. */
const signatureBytes = 12_288;
const unknownNumber = '**********';

/**
 * Adds an invisible signature field (ISO 32000-1, 12.7.4.5 and 12.8.1) with room for a signature. It is written first, so that nothing which a caller
 * writes into the document can be taken for it.
 */
export function addSignatureField(document: PDFKit.PDFDocument, { name, at }: { name: string; at: Date }): void {
  const signature = document.ref({
    Type: 'Sig',
    Filter: 'Adobe.PPKLite',
    SubFilter: 'ETSI.CAdES.detached',
    ByteRange: [0, unknownNumber, unknownNumber, unknownNumber],
    Contents: new Uint8Array(signatureBytes),
    Name: new String(name),
    M: at,
  });
  signature.end(undefined);
  const field = document.ref({
    Type: 'Annot',
    Subtype: 'Widget',
    FT: 'Sig',
    T: new String('Seal'),
    V: signature,
    Rect: [0, 0, 0, 0],
    // Print and locked.
    F: 132,
    P: document.page.dictionary,
  });
  field.end(undefined);
  (document.page.annotations as PDFKit.PDFKitReference[]).push(field);
  document.initForm();
  const form = (document as unknown as { _root: { data: { AcroForm: { data: Record<string, unknown> } } } })._root.data.AcroForm.data;
  form['Fields'] = [field];
  // Signatures exist, and the file may only be appended to. A reader that made appearances of its own would break the seal.
  form['SigFlags'] = 3;
  delete form['NeedAppearances'];
}

/** Fills the room in a document with the signature over everything else in it. */
export function placeSignature(pdf: Uint8Array, sign: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const bytes = Buffer.from(pdf);
  const room = `/ByteRange [0 /${unknownNumber} /${unknownNumber} /${unknownNumber}]`;
  const rangeAt = bytes.indexOf(room);
  const start = bytes.indexOf('/Contents <', rangeAt) + '/Contents '.length;
  const end = start + 2 * signatureBytes + 2;
  if (rangeAt === -1 || bytes[end - 1] !== 0x3e) throw new Error('The document has no room for a signature.');
  bytes.write(`/ByteRange [0 ${start} ${end} ${bytes.length - end}]`.padEnd(room.length), rangeAt, 'latin1');
  const signature = sign(Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]));
  if (signature.length > signatureBytes)
    throw new Error(`The signature takes ${signature.length} bytes; there is room for ${signatureBytes}.`);
  bytes.write(Buffer.from(signature).toString('hex'), start + 1, 'latin1');
  return bytes;
}
