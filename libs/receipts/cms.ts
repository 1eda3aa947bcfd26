import { createHash, sign, X509Certificate } from 'node:crypto';
import * as asn1 from 'asn1js';
import * as pki from 'pkijs';
import { type Seal, validityOf } from './seal.js';

const oids = {
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.47',
  sha256: '2.16.840.1.101.3.4.2.1',
  rsaWithSha256: '1.2.840.113549.1.1.11',
};

/** Returns a detached signature (CMS, RFC 5652) as PAdES baseline B-B wants it (ETSI EN 319 142-1): it names its certificate and states no time. */
export function signBytes(bytes: Uint8Array, { key, chain }: Seal): Uint8Array {
  const attributes = new Uint8Array(attributesOf(bytes, chain[0]!).toSchema().toBER());
  // RFC 5652, 5.4: what is signed has the tag of a set, not the one that it has inside the message.
  attributes[0] = 0x31;
  return messageOf(bytes, chain, sign('sha256', attributes, key));
}

/** What a detached signature says. */
export interface VerifiedSignature {
  certificate: X509Certificate;
  /** Whether it is written as `signBytes` writes it, to the last bit, with nothing but zeros behind it. */
  isExact: boolean;
}

/** Verifies a detached signature. Null when the bytes are not what was signed, or the signature cannot be read. */
export async function verifySignature(bytes: Uint8Array, signature: Uint8Array): Promise<VerifiedSignature | null> {
  try {
    const { offset, result } = asn1.fromBER(exact(signature));
    if (offset <= 0) return null;
    const signed = new pki.SignedData({ schema: new pki.ContentInfo({ schema: result }).content });
    if (signed.signerInfos.length !== 1) return null;
    const verified = await signed.verify({ signer: 0, data: exact(bytes), checkChain: false, extendedMode: true });
    if (!verified.signatureVerified || !verified.signerCertificate) return null;
    const certificate = nodeCertificate(verified.signerCertificate);
    const { from, to } = validityOf(certificate);
    if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime())) return null;
    const chain = signed.certificates!.filter((one) => one instanceof pki.Certificate).map(nodeCertificate);
    const written = messageOf(bytes, chain, new Uint8Array(signed.signerInfos[0]!.signature.valueBlock.valueHexView));
    const isExact = signature.every((byte, place) => byte === (written[place] ?? 0)) && signature.length >= written.length;
    return { certificate, isExact };
  } catch {
    // Whatever fails inside a foreign file, the answer is the same: it cannot be verified.
    return null;
  }
}

/** @param chain the signer's certificate first */
function messageOf(bytes: Uint8Array, chain: X509Certificate[], signature: Uint8Array): Uint8Array {
  const certificates = chain.map(({ raw }) => pki.Certificate.fromBER(exact(raw)));
  const { issuer, serialNumber } = certificates[0]!;
  const signed = new pki.SignedData({
    version: 1,
    digestAlgorithms: [algorithm(oids.sha256)],
    encapContentInfo: new pki.EncapsulatedContentInfo({ eContentType: pki.ContentInfo.DATA }),
    certificates,
    signerInfos: [
      new pki.SignerInfo({
        version: 1,
        sid: new pki.IssuerAndSerialNumber({ issuer, serialNumber }),
        digestAlgorithm: algorithm(oids.sha256),
        signedAttrs: attributesOf(bytes, chain[0]!),
        signatureAlgorithm: algorithm(oids.rsaWithSha256),
        signature: octets(signature),
      }),
    ],
  });
  const content = new pki.ContentInfo({ contentType: pki.ContentInfo.SIGNED_DATA, content: signed.toSchema(true) });
  return new Uint8Array(content.toSchema().toBER());
}

function attributesOf(bytes: Uint8Array, certificate: X509Certificate): pki.SignedAndUnsignedAttributes {
  return new pki.SignedAndUnsignedAttributes({
    type: 0,
    attributes: [
      attribute(oids.contentType, new asn1.ObjectIdentifier({ value: pki.ContentInfo.DATA })),
      attribute(oids.messageDigest, octets(sha256(bytes))),
      attribute(oids.signingCertificate, sequence(sequence(sequence(octets(sha256(certificate.raw)))))),
    ],
  });
}

const nodeCertificate = (certificate: pki.Certificate) => new X509Certificate(Buffer.from(certificate.toSchema(false).toBER()));
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const octets = (bytes: Uint8Array) => new asn1.OctetString({ valueHex: exact(bytes) });
const sequence = (...value: asn1.BaseBlock[]) => new asn1.Sequence({ value });
const attribute = (type: string, value: asn1.BaseBlock) => new pki.Attribute({ type, values: [value] });
const algorithm = (algorithmId: string) => new pki.AlgorithmIdentifier({ algorithmId, algorithmParams: new asn1.Null() });

/** A buffer may be a view of a larger one; ASN.1 needs its own bytes. */
const exact = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;
