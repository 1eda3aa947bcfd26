export {
  type Cell,
  hasLostDigits,
  hasLostZeros,
  isEmptyRow,
  isInScientificNotation,
  readCell,
  readDate,
  readFlag,
  readIdentifier,
  readMonth,
  readWholeNumber,
  unescapedFormula,
  unmarked,
} from './cells.js';
export { headingKey, namedCells, readHeading } from './heading.js';
export { openTable, type Table, UnreadableText } from './table-text.js';
