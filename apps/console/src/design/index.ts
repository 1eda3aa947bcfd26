export { Badge, type Tone } from './badge.js';
export { Button, LinkButton } from './button.js';
export { Dialog } from './dialog.js';
export { Facts } from './facts.js';
export { Checkbox, ChoiceGroup, type Option, Radio, SelectField, TextArea, TextField } from './field.js';
export { Banner, EmptyState } from './message.js';
