/** SQL that is true if the notice of recipient `r` of claim `c` is still sent: it is not once the claim was withdrawn or declined. */
export const isNoticeStillSent = `c.is_open AND c.position -> 'noticesToSend' ? r.notice_id::text`;
