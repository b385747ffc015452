// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0
/*
 * A driver for the scratch card (cards/scratch/README.md), to read, to try and to begin from.
 *
 * /dev/scratchN is the card's SRAM: read and write copy by the card's own DMA, and wait for its
 * interrupt. In sysfs, beside the device's other attributes: "interrupts" counts them, "signal" makes
 * the card send one (the number of a vector) and waits for it, "mode" says which kind they are, and what is
 * written to "atomic" the card adds to a counter in this machine's memory.
 *
 * What it shows: what a driver owes a card that may be gone or broken at any time. All-ones are never
 * taken for data, nothing waits without end, and a transfer that did not end is stopped before its
 * memory is used for something else.
 */
#include <linux/idr.h>
#include <linux/interrupt.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/uaccess.h>

#define ID 0x00
#define ID_VALUE 0x48435253
#define SRAM_SIZE 0x08
#define DMA_ADDRESS 0x20
#define DMA_ADDRESS_HIGH 0x24
#define DMA_SRAM 0x28
#define DMA_LENGTH 0x2c
#define DMA_COMMAND 0x30
#define TO_CARD 1
#define TO_SERVER 2
#define FETCH_ADD 4
#define SIGNAL BIT(8)
#define DMA_STATUS 0x34
#define BUSY 1
#define DONE 2
#define IRQ_SIGNAL 0x40
#define IRQ_LEVEL 0x44

#define BUFFER_BYTES SZ_64K
#define COUNTER BUFFER_BYTES	/* behind the buffer, in the same piece of memory */
#define VECTORS_MAX 32
#define TIMEOUT (2 * HZ)

static char *irq = "any";
module_param(irq, charp, 0444);
MODULE_PARM_DESC(irq, "msix, msi, intx or any");

struct scratch {
	struct pci_dev *pdev;
	void __iomem *regs;
	u8 *buffer;			/* where the card's DMA goes to and comes from */
	dma_addr_t bus;
	u32 sram_bytes;
	int vectors;
	atomic_t interrupts;
	struct completion arrived;
	struct mutex lock;		/* one transfer at a time; also: is the card still there? */
	bool gone;
	struct miscdevice misc;
	char name[16];
	struct kref users;
	int number;			/* the lowest that is free: a card that comes back has its name again */
};

static DEFINE_IDA(numbers);

static void scratch_free(struct kref *users)
{
	kfree(container_of(users, struct scratch, users));
}

static irqreturn_t scratch_irq(int number, void *data)
{
	struct scratch *s = data;

	if (!pci_dev_msi_enabled(s->pdev)) {
		u32 level = ioread32(s->regs + IRQ_LEVEL);

		/* The line is shared. All-ones: the card is gone, and it is not ours that is asserted. */
		if (level == ~0u || !(level & 1))
			return IRQ_NONE;
		iowrite32(0, s->regs + IRQ_LEVEL);
		ioread32(s->regs + IRQ_LEVEL);	/* The line is low before the handler returns. */
	}
	atomic_inc(&s->interrupts);
	complete(&s->arrived);
	return IRQ_HANDLED;
}

/*
 * A reset is the only thing that surely stops a card from writing where it was told to. One that is gone
 * would be waited for a minute; and to wait for the device's lock here would be to wait for remove.
 */
static void scratch_stop(struct scratch *s)
{
	if (!pci_device_is_present(s->pdev) || pci_try_reset_function(s->pdev))
		pci_clear_master(s->pdev);
}

/* One transfer between memory that is ours and SRAM. */
static int scratch_transfer(struct scratch *s, dma_addr_t bus, u32 sram, u32 bytes, u32 operation)
{
	unsigned long deadline = jiffies + TIMEOUT;
	u32 status;

	reinit_completion(&s->arrived);
	iowrite32(lower_32_bits(bus), s->regs + DMA_ADDRESS);
	iowrite32(upper_32_bits(bus), s->regs + DMA_ADDRESS_HIGH);
	iowrite32(sram, s->regs + DMA_SRAM);
	iowrite32(bytes, s->regs + DMA_LENGTH);
	iowrite32(operation | SIGNAL, s->regs + DMA_COMMAND);
	/* An interrupt may be somebody else's, or nobody's: what counts is what the card says. */
	do {
		wait_for_completion_timeout(&s->arrived, TIMEOUT);
		status = ioread32(s->regs + DMA_STATUS);
	} while (status == BUSY && time_before(jiffies, deadline));
	if (status == DONE)
		return 0;		/* Also if its interrupt was lost: the status came behind the data. */
	dev_warn(&s->pdev->dev, "transfer of %u bytes: status %x\n", bytes, status);
	if (status == ~0u || status == BUSY) {
		scratch_stop(s);
		return status == BUSY ? -ETIMEDOUT : -EIO;
	}
	return -EIO;
}

static ssize_t scratch_copy(struct file *file, char __user *to, const char __user *from, size_t count,
			    loff_t *at)
{
	struct scratch *s = container_of(file->private_data, struct scratch, misc);
	u32 bytes;
	int error;

	if (*at < 0 || *at >= s->sram_bytes)
		return to ? 0 : -ENOSPC;
	bytes = min3(count, (size_t)BUFFER_BYTES, (size_t)(s->sram_bytes - *at));
	if (!bytes)
		return 0;
	if (mutex_lock_interruptible(&s->lock))
		return -ERESTARTSYS;
	error = s->gone ? -ENODEV : 0;
	if (!error && from && copy_from_user(s->buffer, from, bytes))
		error = -EFAULT;
	if (!error)
		error = scratch_transfer(s, s->bus, *at, bytes, to ? TO_SERVER : TO_CARD);
	if (!error && to && copy_to_user(to, s->buffer, bytes))
		error = -EFAULT;
	mutex_unlock(&s->lock);
	if (error)
		return error;
	*at += bytes;
	return bytes;
}

static ssize_t scratch_read(struct file *file, char __user *to, size_t count, loff_t *at)
{
	return scratch_copy(file, to, NULL, count, at);
}

static ssize_t scratch_write(struct file *file, const char __user *from, size_t count, loff_t *at)
{
	return scratch_copy(file, NULL, from, count, at);
}

static loff_t scratch_seek(struct file *file, loff_t offset, int whence)
{
	struct scratch *s = container_of(file->private_data, struct scratch, misc);

	return fixed_size_llseek(file, offset, whence, s->sram_bytes);
}

static int scratch_open(struct inode *inode, struct file *file)
{
	struct scratch *s = container_of(file->private_data, struct scratch, misc);

	kref_get(&s->users);		/* misc_deregister waits for us, so it is still there. */
	return 0;
}

static int scratch_release(struct inode *inode, struct file *file)
{
	struct scratch *s = container_of(file->private_data, struct scratch, misc);

	kref_put(&s->users, scratch_free);
	return 0;
}

static const struct file_operations scratch_fops = {
	.owner = THIS_MODULE,
	.open = scratch_open,
	.release = scratch_release,
	.llseek = scratch_seek,
	.read = scratch_read,
	.write = scratch_write,
};

static ssize_t interrupts_show(struct device *dev, struct device_attribute *attr, char *text)
{
	struct scratch *s = dev_get_drvdata(dev);

	return sysfs_emit(text, "%d\n", atomic_read(&s->interrupts));
}
static DEVICE_ATTR_RO(interrupts);

static ssize_t mode_show(struct device *dev, struct device_attribute *attr, char *text)
{
	struct scratch *s = dev_get_drvdata(dev);
	const char *mode = s->pdev->msix_enabled ? "msix" : s->pdev->msi_enabled ? "msi" : "intx";

	return sysfs_emit(text, "%s %d\n", mode, s->vectors);
}
static DEVICE_ATTR_RO(mode);

static ssize_t signal_store(struct device *dev, struct device_attribute *attr, const char *text, size_t count)
{
	struct scratch *s = dev_get_drvdata(dev);
	bool messages = pci_dev_msi_enabled(s->pdev);
	ssize_t result = count;
	u32 vector;

	if (kstrtou32(text, 0, &vector))
		return -EINVAL;
	mutex_lock(&s->lock);
	reinit_completion(&s->arrived);
	iowrite32(messages ? vector : 1, s->regs + (messages ? IRQ_SIGNAL : IRQ_LEVEL));
	if (!wait_for_completion_timeout(&s->arrived, TIMEOUT))
		result = -ETIMEDOUT;
	mutex_unlock(&s->lock);
	return result;
}
static DEVICE_ATTR_WO(signal);

/* Adds a number to a counter in this machine's memory: by the card, in one AtomicOp. Shows the counter. */
static ssize_t atomic_store(struct device *dev, struct device_attribute *attr, const char *text, size_t count)
{
	struct scratch *s = dev_get_drvdata(dev);
	ssize_t result = count;
	u64 operand;

	if (kstrtou64(text, 0, &operand))
		return -EINVAL;
	mutex_lock(&s->lock);
	memcpy(s->buffer, &operand, sizeof(operand));
	if (scratch_transfer(s, s->bus, 0, sizeof(operand), TO_CARD) ||
	    scratch_transfer(s, s->bus + COUNTER, 0, sizeof(operand), FETCH_ADD))
		result = -EIO;
	mutex_unlock(&s->lock);
	return result;
}

static ssize_t atomic_show(struct device *dev, struct device_attribute *attr, char *text)
{
	struct scratch *s = dev_get_drvdata(dev);

	return sysfs_emit(text, "%llu\n", *(u64 *)(s->buffer + COUNTER));
}
static DEVICE_ATTR_RW(atomic);

static struct attribute *scratch_attrs[] = {
	&dev_attr_interrupts.attr, &dev_attr_mode.attr, &dev_attr_signal.attr, &dev_attr_atomic.attr, NULL
};
ATTRIBUTE_GROUPS(scratch);

static unsigned int kinds(void)
{
	if (!strcmp(irq, "msix"))
		return PCI_IRQ_MSIX;
	if (!strcmp(irq, "msi"))
		return PCI_IRQ_MSI;
	if (!strcmp(irq, "intx"))
		return 1;		/* PCI_IRQ_INTX, which older kernels call PCI_IRQ_LEGACY */
	return PCI_IRQ_MSIX | PCI_IRQ_MSI | 1;
}

static int scratch_interrupts(struct scratch *s)
{
	struct pci_dev *pdev = s->pdev;
	int vector, error;

	s->vectors = pci_alloc_irq_vectors(pdev, 1, VECTORS_MAX, kinds());
	if (s->vectors < 0)
		return s->vectors;
	for (vector = 0; vector < s->vectors; vector++) {
		error = devm_request_irq(&pdev->dev, pci_irq_vector(pdev, vector), scratch_irq,
					 pci_dev_msi_enabled(pdev) ? 0 : IRQF_SHARED, "scratch", s);
		if (error)
			return error;
	}
	return 0;
}

static void scratch_put(void *data)
{
	struct scratch *s = data;

	ida_free(&numbers, s->number);
	kref_put(&s->users, scratch_free);
}

/* What is asked for here is given back by the kernel, in reverse, when this fails or after remove. */
static int scratch_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct scratch *s = kzalloc(sizeof(*s), GFP_KERNEL);
	int error;

	if (!s)
		return -ENOMEM;
	s->pdev = pdev;
	mutex_init(&s->lock);
	init_completion(&s->arrived);
	kref_init(&s->users);
	pci_set_drvdata(pdev, s);
	s->number = ida_alloc(&numbers, GFP_KERNEL);
	if (s->number < 0) {
		error = s->number;
		kfree(s);
		return error;
	}
	error = devm_add_action_or_reset(&pdev->dev, scratch_put, s);
	if (!error)
		error = pcim_enable_device(pdev);
	if (!error)
		error = pcim_iomap_regions(pdev, BIT(0), "scratch");
	if (error)
		return error;
	s->regs = pcim_iomap_table(pdev)[0];
	if (ioread32(s->regs + ID) != ID_VALUE)
		return -ENODEV;
	s->sram_bytes = ioread32(s->regs + SRAM_SIZE);
	pci_set_master(pdev);
	/*
	 * AtomicOps need ports on the way that can do them. Hypervisors' virtual ports rarely say so, although
	 * what is behind them here can: then the function's own permission is given by hand.
	 */
	if (pci_enable_atomic_ops_to_root(pdev, PCI_EXP_DEVCAP2_ATOMIC_COMP64))
		pcie_capability_set_word(pdev, PCI_EXP_DEVCTL2, PCI_EXP_DEVCTL2_ATOMIC_REQ);
	error = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (error)
		return error;
	s->buffer = dmam_alloc_coherent(&pdev->dev, BUFFER_BYTES + sizeof(u64), &s->bus, GFP_KERNEL);
	if (!s->buffer)
		return -ENOMEM;
	error = scratch_interrupts(s);
	if (error)
		return error;
	snprintf(s->name, sizeof(s->name), "scratch%d", s->number);
	s->misc = (struct miscdevice){ .minor = MISC_DYNAMIC_MINOR, .name = s->name,
				       .fops = &scratch_fops, .parent = &pdev->dev };
	error = misc_register(&s->misc);
	if (!error)
		dev_info(&pdev->dev, "%s: %u bytes, %d vectors\n", s->name, s->sram_bytes, s->vectors);
	return error;
}

static void scratch_remove(struct pci_dev *pdev)
{
	struct scratch *s = pci_get_drvdata(pdev);

	misc_deregister(&s->misc);
	mutex_lock(&s->lock);
	s->gone = true;			/* Files may stay open; they find nothing any more. */
	mutex_unlock(&s->lock);
	pci_clear_master(pdev);
}

static const struct pci_device_id scratch_ids[] = { { PCI_DEVICE(0xfa51, 0x5c4a) }, {} };
MODULE_DEVICE_TABLE(pci, scratch_ids);

static struct pci_driver scratch_driver = {
	.name = "scratch",
	.id_table = scratch_ids,
	.probe = scratch_probe,
	.remove = scratch_remove,
	.dev_groups = scratch_groups,
};
module_pci_driver(scratch_driver);

MODULE_DESCRIPTION("Farslot's scratch card");
MODULE_LICENSE("GPL");
