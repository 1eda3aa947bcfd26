import type { CalendarVersion } from '../calendar.js';

/** Saudi Arabia, private sector, Friday and Saturday weekend. */
export const saudiArabia: CalendarVersion = {
  name: 'sa',
  version: 1,
  zone: 'Asia/Riyadh',
  weekend: [5, 6],
  coversFrom: '2025-01-01',
  coversThrough: '2027-12-31',
  source:
    'Implementing Regulations of the Saudi Labor Law, article 24: four days from the day after 29 Ramadan, four days from the Day of Arafah, ' +
    'National Day, Founding Day; the Eid dates by the published Umm al-Qura calendar for 1446 to 1448. ' +
    'That calendar predicts: the sighting of the moon may move the dates of Arafah and Eid, and the ministry announces them each year. ' +
    'Days given in lieu of a holiday that falls on the weekend are not included.',
  holidays: [
    { on: '2025-02-22', name: 'Founding Day' },
    { on: '2025-03-30', name: 'Eid al-Fitr' },
    { on: '2025-03-31', name: 'Eid al-Fitr' },
    { on: '2025-04-01', name: 'Eid al-Fitr' },
    { on: '2025-04-02', name: 'Eid al-Fitr' },
    { on: '2025-06-05', name: 'Day of Arafah' },
    { on: '2025-06-06', name: 'Eid al-Adha' },
    { on: '2025-06-07', name: 'Eid al-Adha' },
    { on: '2025-06-08', name: 'Eid al-Adha' },
    { on: '2025-09-23', name: 'Saudi National Day' },
    { on: '2026-02-22', name: 'Founding Day' },
    { on: '2026-03-19', name: 'Eid al-Fitr' },
    { on: '2026-03-20', name: 'Eid al-Fitr' },
    { on: '2026-03-21', name: 'Eid al-Fitr' },
    { on: '2026-03-22', name: 'Eid al-Fitr' },
    { on: '2026-05-26', name: 'Day of Arafah' },
    { on: '2026-05-27', name: 'Eid al-Adha' },
    { on: '2026-05-28', name: 'Eid al-Adha' },
    { on: '2026-05-29', name: 'Eid al-Adha' },
    { on: '2026-09-23', name: 'Saudi National Day' },
    { on: '2027-02-22', name: 'Founding Day' },
    { on: '2027-03-09', name: 'Eid al-Fitr' },
    { on: '2027-03-10', name: 'Eid al-Fitr' },
    { on: '2027-03-11', name: 'Eid al-Fitr' },
    { on: '2027-03-12', name: 'Eid al-Fitr' },
    { on: '2027-05-15', name: 'Day of Arafah' },
    { on: '2027-05-16', name: 'Eid al-Adha' },
    { on: '2027-05-17', name: 'Eid al-Adha' },
    { on: '2027-05-18', name: 'Eid al-Adha' },
    { on: '2027-09-23', name: 'Saudi National Day' },
  ],
};
