import type { CalendarVersion } from '../calendar.js';
import { russia } from './russia.js';
import { saudiArabia } from './saudi-arabia.js';
import { unitedStates } from './united-states.js';

/** The calendars of the sample programme, 2025 to 2027. */
export const sampleCalendars: CalendarVersion[] = [russia, saudiArabia, unitedStates];
