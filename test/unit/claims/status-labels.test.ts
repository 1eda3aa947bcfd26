import { expect } from 'chai';
import { type Phase, phases, statusLabel, statusLabels, statusLabels2021 } from '#libs/claims/index.js';

const labelled = (labels: Record<Phase, { en: string; ru: string }>) =>
  phases.map((phase) => `${phase}: ${labels[phase].en} / ${labels[phase].ru}`);

describe('the labels of a status', () => {
  it('follow the 2023 vocabulary', () => {
    expect(labelled(statusLabels)).to.deep.equal([
      'draft: Draft / Черновик',
      'submitted: Submitted / Отправлено',
      'under_review: Under review / На рассмотрении',
      'action_required: Partner action required / Требуется действие партнера',
      'consent_pending: Approved, not official yet / Утверждено, ещё не официально',
      'official: Approved / Утверждено',
      'ended: Ended / Завершено',
      'rejected: Rejected / Отклонено',
      'disputed: Dispute / Оспаривание',
      'rejected_final: Rejected final / Отклонено окончательно',
      'canceled: Canceled / Отменено',
    ]);
  });

  it("give the deadline while the customer may still refuse, and never just 'Approved'", () => {
    expect(statusLabel('consent_pending', '2026-12-05T04:59:59.999Z')).to.deep.equal({
      en: 'Approved, waits for the customer until 2026-12-05 04:59 UTC',
      ru: 'Утверждено, ожидает решения клиента до 2026-12-05 04:59 UTC',
    });
    expect(statusLabel('consent_pending', null).en).not.to.equal('Approved');
    expect(statusLabel('official', '2026-12-05T04:59:59.999Z').en).to.equal('Approved');
  });

  it('are also available in the 2021 vocabulary', () => {
    expect(labelled(statusLabels2021)).to.deep.equal([
      'draft: Editing / Редактирование',
      'submitted: Submitted / Отправлено',
      'under_review: Under review / На рассмотрении',
      'action_required: Partner action required / Требуется действие партнера',
      'consent_pending: Approved / Утверждено',
      'official: Approved / Утверждено',
      'ended: Rejected final / Отклонено окончательно',
      'rejected: Rejected / Отклонено',
      'disputed: Rejected / Отклонено',
      'rejected_final: Rejected final / Отклонено окончательно',
      'canceled: Rejected / Отклонено',
    ]);
  });
});
