import { group } from './definition.js';

/**
 * Findings of the rules in libs/claims/validation (domain.md 6), and of the checks on an uploaded evidence file. A submission reports all
 * findings at once under `claim_refused`.
 */
export const validationProblems = {
  ...group(
    { status: 409, kind: 'refusal', severity: 'error' },
    {
      claim_refused: {
        title: 'Claim breaks several rules',
        cause: 'Validation found several errors; "errors" lists each one with its field, code, message and line.',
        remedy: 'Correct every entry of "errors" and send the request again with a new Idempotency-Key. The claim is unchanged.',
      },
      tenant_id_invalid: {
        title: 'Tenant ID is not a GUID',
        cause: 'A tenant (directory) ID is a GUID: 32 hexadecimal digits in groups of 8-4-4-4-12.',
        remedy: "Copy the tenant ID from the customer's directory overview. Do not use the domain or a subscription ID.",
      },
      domain_invalid: {
        title: 'Invalid domain',
        cause: 'A domain is a host name with at least one dot and at most 253 characters, without scheme, path or trailing dot.',
        remedy: "Send only the customer's domain, such as contoso.example.",
      },
      partner_id_invalid: {
        title: 'Invalid PartnerID',
        cause: 'A PartnerID is a string of 4 to 10 digits that identifies a partner location, not a global account.',
        remedy: 'Send the PartnerID of the location that serves the customer, as text and with its leading zeros.',
      },
      programme_unknown: {
        title: 'Unknown programme',
        cause: 'No programme with this name is in force.',
        remedy: 'Use a name from GET /v1/programmes.',
      },
      area_unknown: {
        title: 'Unknown solution area',
        cause: 'The programme has no solution area with this code.',
        remedy: 'Use an area code from GET /v1/programmes/{name}.',
      },
      product_unknown: {
        title: 'Product cannot be claimed',
        cause: 'The solution area of the claim has no active product with this code.',
        remedy: 'Use a product code that GET /v1/programmes/{name} lists for the area.',
      },
      signature_date_required: {
        title: 'Signature date is missing',
        cause: 'None of the evidence files states when the customer signed it.',
        remedy: 'Upload the evidence again with the date of the signature in "signedOn".',
      },
      tenant_unknown: {
        title: 'Tenant not found',
        cause: 'The tenant ID is well-formed, but the customer directory does not contain it.',
        remedy: 'Check the tenant ID with the customer. A tenant that was created today can take a day to appear.',
      },
      directory_record_unusable: {
        title: 'Directory record is invalid',
        cause:
          'The directory record of this location, tenant or subscription is invalid, so the claim could not be checked; "message" names the field.',
        remedy: 'Report the record and the field to the vendor. Once it is corrected, send the request again with a new Idempotency-Key.',
      },
      tenant_domain_mismatch: {
        title: 'Domain belongs to another tenant',
        cause: 'The domain is not one of the verified domains of the tenant.',
        remedy: 'Ask the customer for the right domain of this tenant, or correct "tenantId".',
      },
      product_not_on_tenant: {
        title: 'Tenant does not have this product',
        cause: 'The claimed workload or product is not provisioned on the tenant.',
        remedy: 'Remove the line, or ask the customer to provision the product first.',
      },
      subscription_other_tenant: {
        title: 'Subscription belongs to another tenant',
        cause: 'The subscription exists, but not on the tenant of the claim.',
        remedy: 'Correct "tenantId" or "subscriptionId" so that they match.',
      },
      not_a_subscription_id: {
        title: 'Not a subscription ID',
        cause: 'The value is malformed, identifies something else, such as a tenant or an order, or matches no subscription.',
        remedy: 'Copy the subscription ID (a GUID) from the subscription itself, not from the order or the directory.',
      },
      subscription_wrong_family: {
        title: 'Subscription does not match the product',
        cause:
          'The subscription is for another product or product family than the line claims, or the line claims a workload, which has none.',
        remedy:
          'Use a subscription of the claimed product, claim the product of the subscription, or leave "subscriptionId" out for a workload.',
      },
      subscription_csp: {
        title: 'Subscription was bought through CSP',
        cause: 'A subscription bought through the reseller programme (CSP) is credited to its reseller and cannot be claimed.',
        remedy: 'Remove the line. The CSP programme credits the partner without a claim.',
      },
      subscription_not_provisioned: {
        title: 'Subscription is not active yet',
        cause: 'The customer has not activated the subscription, or did so within the last 7 days and it is not visible yet.',
        remedy: 'Ask the customer to activate it, wait up to 7 days, then submit again. After that, contact vendor support.',
      },
      subscription_state: {
        title: 'Subscription is suspended or expired',
        cause: 'Only a subscription that is active or in its grace period can be claimed.',
        remedy: 'Claim the subscription that replaced it, or wait until the customer renews it.',
      },
      duplicate_own: {
        title: 'Your company already claims this',
        cause: 'Your company (global account) has an open claim or a live association for this target and activity.',
        remedy:
          'Search the claims of all your locations. Withdraw the open claim or wait for its outcome; move a live association with POST /v1/claims/{claimId}/transfers.',
      },
      customer_refused_target: {
        title: 'Customer refused your company',
        cause: 'The customer refused this target on another claim of your company, and a refusal applies to all claims of the company.',
        remedy: 'Create a new claim after the cool-down, so that the customer is notified again. As a reviewer, reject the line.',
      },
      channel_not_allowed: {
        title: 'Purchase channel is not eligible',
        cause: 'Business Applications can be claimed only if they were bought through Volume Licensing or Web Direct.',
        remedy: 'Remove the line, or use a subscription that was bought through an eligible channel.',
      },
      activity_not_in_area: {
        title: 'Activity not offered in this area',
        cause: 'The programme does not offer this activity in the solution area of the claim.',
        remedy: 'Use an activity that GET /v1/programmes/{name} lists for the area, or correct the area.',
      },
      activity_combination: {
        title: 'Activities cannot be combined',
        cause: 'The programme does not allow these activities on the same line; revenue association cannot be combined with any other.',
        remedy: 'Put each activity on a line or claim of its own, as "message" says.',
      },
      location_not_enrolled: {
        title: 'Location is not enrolled',
        cause: 'The location is not enrolled in the programme that this solution area requires.',
        remedy: 'Use an enrolled location named in "message", or complete the enrolment of this one.',
      },
      not_own_location: {
        title: 'Not one of your locations',
        cause: 'No location within the scope of your token has this PartnerID.',
        remedy: 'Use one of your own PartnerIDs, or ask your account administrator to widen your location scope.',
      },
      agreement_inactive: {
        title: 'No active partner agreement',
        cause: 'Your company has no active agreement for this programme.',
        remedy: 'Ask your account administrator to accept the current agreement, then submit again.',
      },
      profile_incomplete: {
        title: 'Payout or tax profile incomplete',
        cause: 'The payout or the tax profile of the location has not been validated.',
        remedy: 'Complete both profiles of the location, then submit again.',
      },
      claim_name_required: {
        title: 'Claim name is missing',
        cause: 'A claim needs a name, which is your own label for it.',
        remedy: 'Send any non-empty "name" that helps you find the claim again.',
      },
      acknowledgement_required: {
        title: 'Acknowledgement not accepted',
        cause: 'The current version of the acknowledgement text was not accepted.',
        remedy: 'Show the text from GET /v1/programmes/{name} to the person who submits, and send its version as "acknowledgementVersion".',
      },
      contact_incomplete: {
        title: 'Contact is incomplete',
        cause: 'The customer contact needs a name, title and e-mail address; the partner contact needs a name and e-mail address.',
        remedy: 'Fill in the field that "errors" names. The customer contact will receive the notice.',
      },
      technical_contact_required: {
        title: 'Technical contact is missing',
        cause: 'The programme requires a technical contact for Dynamics 365.',
        remedy: 'Send the name, title and e-mail address of the customer\'s technical contact as "contacts.technical".',
      },
      subscription_required: {
        title: 'Subscription ID is missing',
        cause: 'The tenant has no eligible subscription of this product, or several, so it cannot be filled in automatically.',
        remedy: 'Send the "subscriptionId" of the line.',
      },
      revenue_fields_required: {
        title: 'Revenue fields are missing',
        cause: 'Revenue association needs the names of the solution seller, the customer and the ISV product or solution.',
        remedy: 'Send "sellerName", "customerName" and "solutionName" in "revenue", or choose another activity.',
      },
      products_required: {
        title: 'Claim has no lines',
        cause: 'A claim needs at least one line with a workload or product.',
        remedy: 'Add an entry to "lines".',
      },
      too_many_products: {
        title: 'Too many lines',
        cause: 'The claim has more lines than the programme allows.',
        remedy: 'Split the lines into several claims.',
      },
      evidence_missing: {
        title: 'Evidence is missing',
        cause: 'A claim needs at least one evidence file, whatever its activities.',
        remedy: 'Upload the signed proof of execution with POST /v1/claims/{claimId}/evidence, with "signedOn", then submit again.',
      },
      evidence_template_required: {
        title: 'Programme template required',
        cause: "This programme accepts only its own statement-of-work templates, and none of the evidence's cover forms names one.",
        remedy:
          'Have the customer sign a template of the programme, and state its SHA-256 in the cover form ("templateSha256", or "coverTemplateSha256" of an upload).',
      },
      evidence_stale: {
        title: 'Signature is too old',
        cause: 'The customer signed the evidence longer before submission than the programme allows (12 months by default).',
        remedy: 'Have the customer sign again and upload the new document.',
      },
      evidence_signed_in_future: {
        title: 'Signature date is in the future',
        cause: 'The date in "signedOn" has not begun in any time zone yet.',
        remedy:
          'Correct "signedOn" (day and month are often swapped). If the document itself has a future date, have the customer sign again.',
      },
      evidence_infected: {
        title: 'Malware found in file',
        cause:
          'The malware scanner found malware. A file that was scanned at its upload was not stored; one that was scanned later stays in quarantine, where nobody can open it.',
        remedy: 'Clean or re-create the document, then upload it again, in place of the infected one ("supersedes").',
      },
      late_claim: {
        title: 'Claimed too late',
        cause:
          'The programme limits the days from the transaction to the claim, and "transactionOn" is missing, in the future or too long ago; "message" says which.',
        remedy: 'Correct "transactionOn". If it is right and too long ago, this transaction can no longer be claimed.',
      },
      claim_cooldown: {
        title: 'Customer refused recently',
        cause: 'After a customer refuses, the same company cannot claim the target again for a set time (30 calendar days by default).',
        remedy: 'Talk to the customer, and claim again after the date in "message".',
      },
      partner_blocked: {
        title: 'Customer blocked your company',
        cause: 'The customer refused a claim and asked to receive no more claims from your company.',
        remedy: 'Ask the customer to lift the block; neither you nor a reviewer can.',
      },
    },
  ),
  ...group(
    { status: 409, kind: 'refusal', severity: 'warning' },
    {
      subscription_already_claimed: {
        title: 'Another partner holds this subscription',
        cause: 'Another partner has a live association with this subscription. This is a warning: a reviewer will decide between you.',
        remedy: 'Attach your newest evidence signed by the customer, which counts most. Expect a longer review.',
      },
      workload_already_claimed: {
        title: 'Another partner holds this workload',
        cause: 'Another partner has a live association with this workload. This is a warning: a reviewer will decide between you.',
        remedy: 'Attach your newest evidence signed by the customer, which counts most. Expect a longer review.',
      },
      directory_record_faulty: {
        title: 'Directory record has a fault',
        cause: 'Part of the directory record could not be read, and was corrected or left out. This is a warning.',
        remedy: 'Report the fault to the vendor. An administrator without a usable address gets no notices until it is corrected.',
      },
      location_wrong_type: {
        title: 'Unusual location type',
        cause: 'Locations of this type, such as a FastTrack Ready Partner, do not usually claim. This is a warning.',
        remedy: 'Check that this location serves the customer. If it does, no action is needed.',
      },
    },
  ),
  ...group(
    { status: 409, kind: 'refusal', severity: 'hold' },
    {
      contact_domain_mismatch: {
        title: "Contact is outside the customer's domains",
        cause: "The contact's e-mail domain is not a verified domain of the tenant, so a reviewer must check it before any notice is sent.",
        remedy: "Use a contact with an address in one of the customer's own domains, or explain the address in a comment.",
      },
      evidence_mismatch: {
        title: 'Evidence does not match the claim',
        cause: 'The tenant or the domain on the evidence differs from the claim, so a reviewer must check it.',
        remedy: 'Correct the cover form or the claim, or upload the right document.',
      },
    },
  ),
  ...group(
    { status: 415, kind: 'refusal', severity: 'error' },
    {
      evidence_type: {
        title: 'File type not accepted',
        cause: 'By its content, the file is not a readable pdf, docx, xlsx, pptx, png, jpeg or csv.',
        remedy: 'Print the document to PDF without a password and upload that. SVG files and archives are never accepted.',
      },
    },
  ),
  ...group(
    { status: 413, kind: 'refusal', severity: 'error' },
    {
      evidence_too_large: {
        title: 'File is too large',
        cause: 'The file exceeds the size limit for evidence.',
        remedy: 'Compress or split the document, then upload it again.',
      },
    },
  ),
};
