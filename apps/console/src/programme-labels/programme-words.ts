import type { ProgrammeDocument } from '../client/index.js';
import type { Language } from '../i18n/index.js';

interface Labelled {
  code: string;
  label: { en: string; ru: string };
}

/** The labels of a programme's codes in one language. A code the programme lacks, such as one of a later version, is shown as it is. */
export interface ProgrammeWords {
  area(code: string): string;
  /** What the partner did. An activity may be called differently in different areas. */
  activity(code: string, area?: string): string;
  product(code: string): string;
  requestReason(code: string): string;
  rejectionReason(code: string): string;
}

const labelIn = (items: Labelled[] | undefined, code: string, language: Language): string =>
  items?.find((item) => item.code === code)?.label[language] ?? code;

/** Without a programme, which may still be loading, every code stands for itself. */
export function programmeWords(programme: ProgrammeDocument | undefined, language: Language): ProgrammeWords {
  return {
    area: (code) => labelIn(programme?.areas, code, language),
    activity(code, area) {
      const ofCode = programme?.activities.filter((activity) => activity.code === code) ?? [];
      const inArea = area === undefined ? undefined : ofCode.find(({ areas }) => areas.includes(area));
      return (inArea ?? ofCode[0])?.label[language] ?? code;
    },
    product: (code) => labelIn(programme?.products, code, language),
    requestReason: (code) => labelIn(programme?.requestReasons, code, language),
    rejectionReason: (code) => labelIn(programme?.rejectionReasons, code, language),
  };
}
