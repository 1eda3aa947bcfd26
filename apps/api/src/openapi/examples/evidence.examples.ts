/** Answers of the running API, cut short: examples by the name of their schema. */
export const evidenceExamples = {
  Evidence: {
    evidenceId: '900cadb4-2753-52ca-9340-fc5ba840194c',
    fileName: 'statement.pdf',
    mediaType: 'application/pdf',
    sizeBytes: 63,
    sha256: '8513a4eaac9f10105d8974489a1851ffa5eb8a9009d454fddccc6d2653700223',
    signedOn: '2026-01-15',
    scan: 'unscanned',
    uploadedAt: '2026-12-01T02:58:00.257Z',
    erasedAt: null,
    cover: null,
    supersedes: null,
    supersededBy: null,
    isSignedHere: false,
  },
  EvidenceList: {
    items: [
      {
        evidenceId: 'aef691df-c4e2-5ce1-925b-57d6cafd604b',
        fileName: 'statement.pdf',
        mediaType: 'application/pdf',
        sizeBytes: 63,
        sha256: '4aee329c35bf97ecacf15f93894caf145fb1731467619b4fe2da9740bf91180f',
        signedOn: '2026-11-01',
        scan: 'unscanned',
        uploadedAt: '2026-12-01T02:58:00.571Z',
        erasedAt: null,
        cover: null,
        supersedes: null,
        supersededBy: null,
        isSignedHere: false,
      },
    ],
    next: null,
  },
};
