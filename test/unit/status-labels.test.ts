import { expect } from 'chai';
import { type Phase, phases, statusLabels, statusLabels2021 } from '#libs/claims/index.js';

const labelled = (labels: Record<Phase, { en: string; ru: string }>) =>
  phases.map((phase) => `${phase}: ${labels[phase].en} / ${labels[phase].ru}`);

describe('the labels of a status', () => {
  it('are those of 2023', () => {
    expect(labelled(statusLabels)).to.deep.equal([
      'draft: Draft / Черновик',
      'submitted: Submitted / Отправлено',
      'under_review: Under review / На рассмотрении',
      'action_required: Partner action required / Требуется действие партнера',
      'consent_pending: Approved / Утверждено',
      'official: Approved / Утверждено',
      'ended: Ended / Завершено',
      'rejected: Rejected / Отклонено',
      'disputed: Dispute / Оспаривание',
      'rejected_final: Rejected final / Отклонено окончательно',
      'canceled: Canceled / Отменено',
    ]);
  });

  it('are those of 2021 where the older vocabulary is needed', () => {
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
