/** Answers of the running API, cut short: examples by the name of their schema. */
export const reviewsExamples = {
  ReviewQueue: {
    items: [],
    next: null,
  },
};
