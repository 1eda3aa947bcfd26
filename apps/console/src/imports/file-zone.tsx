import { Button as AriaButton, DropZone, FileTrigger, isFileDropItem, isTextDropItem, Text } from 'react-aria-components';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

const types = ['.csv', '.tsv', '.txt', '.jsonl', '.ndjson', '.json', 'text/csv', 'application/x-ndjson'];

/** Takes one file by drop, paste or dialogue; also rows copied from a spreadsheet. */
export function FileZone({ label, choose, onFile }: { label: string; choose: string; onFile: (file: File) => void }) {
  return (
    <DropZone
      className="import-zone"
      onDrop={({ items }) =>
        void (async () => {
          const file = items.find(isFileDropItem);
          if (file !== undefined) return onFile(await file.getFile());
          const text = items.find((item) => isTextDropItem(item) && item.types.has('text/plain'));
          if (text !== undefined && isTextDropItem(text)) onFile(new File([await text.getText('text/plain')], 'clipboard'));
        })()
      }
    >
      <Text slot="label">{label}</Text>
      <FileButton label={choose} onFile={onFile} />
    </DropZone>
  );
}

export function FileButton({ label, onFile }: { label: string; onFile: (file: File) => void }) {
  return (
    <FileTrigger acceptedFileTypes={types} onSelect={(files) => files?.[0] && onFile(files[0])}>
      <AriaButton className="button" data-kind="primary">
        {label}
      </AriaButton>
    </FileTrigger>
  );
}

/** The translation function of this feature. */
export const useImportTexts = () => useTexts(texts);
export type Translate = ReturnType<typeof useImportTexts>;
