import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Button as AriaButton, FileTrigger } from 'react-aria-components';
import type { ProgrammeDocument } from '../client/index.js';
import { Badge, Button, SelectField, TextField } from '../design/index.js';
import { useFormat, useLanguage, useTexts } from '../i18n/index.js';
import { type EvidenceRules, extensionsOf, inMebibytes } from './check-file.js';
import { texts } from './texts.js';
import './evidence-upload.css';
import type { QueuedFile, Uploads } from './use-uploads.js';

interface Props {
  uploads: Uploads;
  rules: EvidenceRules;
  templates?: ProgrammeDocument['statementTemplates'];
  /** What the API refused about the claim's evidence. */
  error?: string | undefined;
  /** False where the form around it has the button that sends. */
  hasButton?: boolean;
  /** False where the page lists the claim's evidence itself. */
  showsUploaded?: boolean;
}

/** Adds evidence to a claim: files by drop, paste or dialogue, each with the date of the customer's signature. */
export function EvidenceUpload({ uploads, rules, templates = [], error, hasButton = true, showsUploaded = true }: Props) {
  const t = useTexts(texts);
  const { queue } = uploads;
  const limits = t('limits', { types: rules.types.join(', '), size: inMebibytes(rules.maximumBytes) });
  const sendable = queue.filter(({ fault }) => fault === null).length;
  return (
    <div className="stack">
      {showsUploaded && <Uploaded uploads={uploads} rules={rules} />}
      {error !== undefined && <div className="field-error">{error}</div>}
      <DropArea onFiles={(files) => uploads.add(files)}>
        <span>{t('drop')}</span>
        <FileButton name="/evidence" label={t('choose')} rules={rules} allowsMultiple onChoose={(files) => uploads.add(files)} />
        <span className="small muted">{limits}</span>
      </DropArea>
      {queue.length > 0 && (
        <ul className="upload-list" aria-label={t('queue')}>
          {queue.map((queued, index) => (
            <Queued
              key={queued.id}
              queued={queued}
              uploads={uploads}
              rules={rules}
              templates={templates}
              isDateMissing={uploads.isDateMissing && index === 0}
            />
          ))}
        </ul>
      )}
      {hasButton && sendable > 0 && (
        <div>
          <Button kind="primary" isPending={uploads.isSending} onClick={() => void uploads.send()}>
            {t('upload', { count: sendable })}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Takes files that are dropped on it, or pasted anywhere on the page: a paste has no other use for files. */
function DropArea({ onFiles, children }: { onFiles: (files: File[]) => void; children: ReactNode }) {
  const [isTarget, setTarget] = useState(false);
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  });
  useEffect(() => {
    const paste = ({ clipboardData }: ClipboardEvent) => {
      const files = [...(clipboardData?.files ?? [])];
      if (files.length > 0) latest.current(files);
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, []);
  const over = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    // Without this the browser opens the file instead.
    event.preventDefault();
    setTarget(true);
  };
  return (
    <div
      className="drop-zone"
      data-drop-target={isTarget || undefined}
      onDragEnter={over}
      onDragOver={over}
      onDragLeave={() => setTarget(false)}
      onDrop={(event) => {
        event.preventDefault();
        setTarget(false);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
    </div>
  );
}

interface FileButtonProps {
  name?: string;
  label: string;
  spoken?: string;
  rules: EvidenceRules;
  allowsMultiple?: boolean;
  onChoose(files: File[]): void;
}

function FileButton({ name, label, spoken, rules, allowsMultiple = false, ...rest }: FileButtonProps) {
  return (
    <FileTrigger
      allowsMultiple={allowsMultiple}
      acceptedFileTypes={extensionsOf(rules.types)}
      onSelect={(files) => rest.onChoose([...(files ?? [])])}
    >
      <AriaButton className="button" {...(name && { name })} {...(spoken && { 'aria-label': spoken })}>
        {label}
      </AriaButton>
    </FileTrigger>
  );
}

interface QueuedProps {
  queued: QueuedFile;
  uploads: Uploads;
  rules: EvidenceRules;
  templates: ProgrammeDocument['statementTemplates'];
  isDateMissing: boolean;
}

function Queued({ queued, uploads, rules, templates, isDateMissing }: QueuedProps) {
  const t = useTexts(texts);
  const format = useFormat();
  const { id, file, signedOn, templateSha256, supersedes, fault, problem, sent } = queued;
  const usable = templates.filter(({ state }) => state === 'active');
  return (
    <li className="upload" data-refused={fault !== null || problem !== null || undefined}>
      <div className="row-between">
        <span>
          <strong>{file.name}</strong> <span className="small muted">{t('size', { size: inMebibytes(file.size) })}</span>
          {supersedes && <span className="small muted"> {t('replaces', { file: supersedes.fileName ?? '' })}</span>}
        </span>
        {sent === null && (
          <Button kind="quiet" aria-label={t('removeFile', { file: file.name })} onClick={() => uploads.remove(id)}>
            {t('remove')}
          </Button>
        )}
      </div>
      {fault !== null && (
        <p className="field-error" role="alert">
          {faultText(fault, rules, t)}
        </p>
      )}
      {problem !== null && (
        <p className="field-error" role="alert">
          {t('failed')}: {problem}
        </p>
      )}
      {sent !== null && <progress value={sent} aria-label={t('sending', { file: file.name, percent: format.percent(sent) })} />}
      {fault === null && sent === null && (
        <div className="upload-fields">
          <TextField
            type="date"
            name={`signedOn-${id}`}
            label={t('signedOn')}
            aria-label={t('signedOnFor', { file: file.name })}
            value={signedOn}
            error={isDateMissing ? t('signedOnRequired') : undefined}
            onChange={(event) => uploads.change(id, { signedOn: event.target.value })}
          />
          {usable.length > 0 && <TemplateField queued={queued} uploads={uploads} templates={usable} value={templateSha256} />}
        </div>
      )}
    </li>
  );
}

function TemplateField({
  queued,
  uploads,
  templates,
  value,
}: {
  queued: QueuedFile;
  uploads: Uploads;
  templates: ProgrammeDocument['statementTemplates'];
  value: string;
}) {
  const t = useTexts(texts);
  const { language } = useLanguage();
  return (
    <SelectField
      name={`template-${queued.id}`}
      label={t('template')}
      aria-label={t('templateFor', { file: queued.file.name })}
      emptyLabel={t('noTemplate')}
      hint={value === '' ? undefined : t('templateHint')}
      value={value}
      options={templates.map(({ sha256, title }) => ({ value: sha256, label: title[language] }))}
      onChange={(event) => uploads.change(queued.id, { templateSha256: event.target.value })}
    />
  );
}

function faultText(
  fault: NonNullable<QueuedFile['fault']>,
  { types }: EvidenceRules,
  t: ReturnType<typeof useTexts<keyof (typeof texts)['en']>>,
) {
  if (fault === 'alreadyThere') return t('alreadyThere');
  const accepted = types.join(', ');
  if (fault.kind === 'tooLarge') return t('tooLarge', { size: inMebibytes(fault.bytes), limit: inMebibytes(fault.maximumBytes) });
  if (fault.kind === 'typeNotAccepted') return t('typeNotAccepted', { type: fault.type, types: accepted });
  return t(fault.kind, { types: accepted });
}

function Uploaded({ uploads, rules }: { uploads: Uploads; rules: EvidenceRules }) {
  const t = useTexts(texts);
  const format = useFormat();
  if (uploads.current.length === 0) return null;
  return (
    <ul className="upload-list" aria-label={t('uploaded')}>
      {uploads.current.map((document) => (
        <li key={document.evidenceId} className="upload">
          <div className="row-between">
            <span>
              <strong>{document.fileName}</strong>{' '}
              {document.sizeBytes !== null && <span className="small muted">{t('size', { size: inMebibytes(document.sizeBytes) })}</span>}
            </span>
            <span className="row">
              {document.signedOn === null ? (
                <Badge tone="warning">{t('notSigned')}</Badge>
              ) : (
                <span className="small muted">
                  {t('signedOn')}: {format.date(document.signedOn)}
                </span>
              )}
              <FileButton
                label={t('replace')}
                spoken={t('replaceFile', { file: document.fileName ?? '' })}
                rules={rules}
                onChoose={(files) => uploads.add(files, document)}
              />
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
}
