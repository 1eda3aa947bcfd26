import { claimTexts } from '../claim-words/index.js';
import type { WaitingReport } from '../client/index.js';
import { Facts } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { type OperationsText, texts } from './texts.js';

/** What open claims wait for, and the counts of letters and of reconciliation. */
export function Counts({ report: { clocks, letters, repairs, checkpoint } }: { report: WaitingReport }) {
  const t = useTexts(texts);
  const words = useTexts(claimTexts);
  const format = useFormat();
  return (
    <>
      <section className="stack-tight">
        <h2>{t('waits')}</h2>
        {clocks.length === 0 ? (
          <p className="muted">{t('nothingWaits')}</p>
        ) : (
          <div className="table-frame" tabIndex={0} role="region" aria-label={t('waits')}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t('waitsFor')}</th>
                  <th scope="col">{t('mover')}</th>
                  <th scope="col" className="number">
                    {t('claims')}
                  </th>
                  <th scope="col" className="number">
                    {t('overdue')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {clocks.map(({ clock, mover, claims, overdue }) => (
                  <tr key={clock}>
                    <th scope="row">{words(clock)}</th>
                    <td>{t(mover)}</td>
                    <td className="number">{format.number(claims)}</td>
                    <td className="number">
                      {overdue === 0 ? '0' : <strong className="operations-error">{format.number(overdue)}</strong>}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      <div className="halves">
        <section className="card">
          <h2>{t('letters')}</h2>
          <Facts
            items={[
              [t('lettersWaiting'), format.number(letters.waiting)],
              [t('lettersRetrying'), format.number(letters.retrying)],
            ]}
          />
        </section>
        <section className="card">
          <h2>{t('repairs')}</h2>
          <Facts
            items={[
              [t('lastRepair'), repairs.lastAt === null ? t('never') : format.instant(repairs.lastAt)],
              ...repairs.lastDay.map(({ reason, claims }): [string, string] => [
                reason in texts.en ? t(reason as OperationsText) : reason,
                format.number(claims),
              ]),
              [
                t('checkpoint'),
                checkpoint === null
                  ? t('never')
                  : t('checkpointAt', { number: format.number(checkpoint.number), at: format.instant(checkpoint.at) }),
              ],
            ]}
          />
        </section>
      </div>
    </>
  );
}
