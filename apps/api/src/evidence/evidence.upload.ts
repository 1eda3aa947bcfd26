import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { SentEvidence } from '#libs/new-claims/index.js';
import { placeOfField, Problem } from '#libs/problems/index.js';
import { identifierLabel, isoDate, label, sha256, uuid } from '../http/text.schema.js';
import { SpooledFile } from './spooled-file.js';

/** Limit for every programme; a programme can only lower it. */
export const maximumUploadBytes = 20 * 1024 * 1024;

/** The parsed form. The caller must close its file. */
export type ReceivedEvidence = Omit<SentEvidence, 'content'> & { file: SpooledFile };

/** Comma-separated codes. */
const codes = (most: number) =>
  label(20_000)
    .transform((list) => [...new Set(list.split(',').map((code) => code.trim()))].filter((code) => code !== ''))
    .pipe(z.array(label(64)).max(most));

const Fields = z.strictObject({
  signedOn: isoDate.optional(),
  coverTenantId: identifierLabel(64).optional(),
  coverDomain: identifierLabel(300).optional(),
  coverTemplateSha256: sha256.optional(),
  coverProducts: codes(200).optional(),
  coverActivities: codes(10).optional(),
  supersedes: uuid.optional(),
});

/** The form in the OpenAPI document. */
export const uploadForm = {
  type: 'object',
  required: ['file'],
  properties: {
    file: {
      type: 'string',
      format: 'binary',
      description: 'pdf, docx, xlsx, pptx, png, jpeg or csv. The content decides, not the file name.',
    },
    signedOn: { type: 'string', format: 'date', description: "Date of the customer's signature." },
    coverTenantId: { type: 'string', description: 'Tenant named on the document.' },
    coverDomain: { type: 'string', description: 'Domain named on the document.' },
    coverTemplateSha256: { type: 'string', description: 'SHA-256 of the standard statement of work that was signed.' },
    coverProducts: { type: 'string', description: 'Product codes named on the document, separated by commas.' },
    coverActivities: { type: 'string', description: 'Activity codes named on the document, separated by commas.' },
    supersedes: {
      type: 'string',
      format: 'uuid',
      description: 'Evidence of the claim that this file replaces. The old file is kept but no longer counts.',
    },
  },
};

/** Parses the form: one file and its fields, in any order. */
export async function readUpload(request: FastifyRequest): Promise<ReceivedEvidence> {
  let received: { fileName: string; file: SpooledFile } | undefined;
  const fields: Record<string, string> = {};
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file' && part.fieldname !== 'file')
        throw invalid(part.fieldname, 'unknown_field', 'Send the file as the part `file`');
      if (part.type === 'file') received = { fileName: part.filename, file: await wholeFile(part.file) };
      else if (Object.hasOwn(fields, part.fieldname)) throw invalid(part.fieldname, 'repeated', 'This field is repeated');
      else fields[part.fieldname] = String(part.value);
    }
    if (received === undefined) throw invalid('file', 'required', 'This field is required');
    return { ...received, ...stated(fields) };
  } catch (error) {
    await received?.file.close();
    throw problemOf(error);
  }
}

const formLimits = ['FST_FILES_LIMIT', 'FST_FIELDS_LIMIT', 'FST_PARTS_LIMIT'];

/** Converts errors of parsing a form to problems. The form parser's own errors have no code. */
function problemOf(error: unknown): unknown {
  if (error instanceof Problem) return error;
  const { code } = error as { code?: string };
  if (code !== undefined && formLimits.includes(code))
    return invalid('file', 'too_many', 'Send one file at a time, with the documented fields only');
  if (code !== undefined) return error;
  return new Problem('malformed_body', { detail: 'The form has no boundary or is cut off.', cause: error });
}

/** Operating system errors when a temporary file cannot be written. */
const spoolErrors = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'ENOENT', 'EMFILE', 'ENFILE'];

async function wholeFile(stream: MultipartFile['file']): Promise<SpooledFile> {
  const file = await SpooledFile.of(stream).catch((error: unknown) => {
    if (!spoolErrors.includes((error as { code?: string }).code ?? '')) throw error;
    const detail = 'Uploads cannot be stored at the moment.';
    throw new Problem('service_unavailable', { detail, headers: { 'Retry-After': '30' }, cause: error });
  });
  if (!stream.truncated) return file;
  await file.close();
  const detail = `At most ${maximumUploadBytes / 1024 / 1024} MiB are accepted. Scan at a lower resolution or split the file.`;
  throw new Problem('evidence_too_large', { detail, errors: [{ ...placeOfField('file'), code: 'evidence_too_large', message: detail }] });
}

function stated(fields: Record<string, string>): Pick<SentEvidence, 'signedOn' | 'cover' | 'supersedes'> {
  const parsed = Fields.safeParse(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.code === 'unrecognized_keys' ? issue.keys[0] : String(issue?.path[0]);
    throw invalid(field ?? 'fields', issue?.code ?? 'invalid_value', issue?.message ?? 'Must have the documented format');
  }
  const { signedOn, supersedes, coverTenantId, coverDomain, coverTemplateSha256, coverProducts, coverActivities } = parsed.data;
  const cover = {
    tenantId: coverTenantId,
    domain: coverDomain,
    templateSha256: coverTemplateSha256,
    products: coverProducts,
    activities: coverActivities,
  };
  const hasCover = Object.values(cover).some((value) => value !== undefined);
  return { signedOn: signedOn ?? null, cover: hasCover ? cover : null, ...(supersedes !== undefined && { supersedes }) };
}

function invalid(field: string, code: string, message: string): Problem {
  return new Problem('invalid_request', { detail: `${field}: ${message}.`, errors: [{ field, pointer: `/${field}`, code, message }] });
}
