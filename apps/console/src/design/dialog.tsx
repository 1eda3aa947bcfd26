import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

interface Props {
  title: ReactNode;
  isOpen: boolean;
  onClose(): void;
  /** False for what must be answered. */
  isDismissable?: boolean;
  role?: 'dialog' | 'alertdialog';
  children: ReactNode;
}

/** A dialog that keeps focus inside and gives it back when it closes. */
export function Dialog({ title, isOpen, onClose, isDismissable = true, role = 'dialog', children }: Props) {
  return (
    <ModalOverlay
      className="modal-shade"
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={isDismissable}
      isKeyboardDismissDisabled={!isDismissable}
    >
      <Modal className="modal">
        <AriaDialog className="modal-body" role={role}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
