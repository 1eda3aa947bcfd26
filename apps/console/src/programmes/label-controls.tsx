import { useTexts } from '../i18n/index.js';
import { type Path, TextControl } from '../publications/index.js';
import { fieldTexts } from './field-texts.js';

/** A text in both languages. */
export function LabelControls({ path }: { path: Path }) {
  const f = useTexts(fieldTexts);
  return (
    <div className="publication-pair">
      <TextControl path={[...path, 'en']} label={f('labelEn')} />
      <TextControl path={[...path, 'ru']} label={f('labelRu')} />
    </div>
  );
}
