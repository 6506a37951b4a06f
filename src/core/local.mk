# libcore.a: what the host is and what should change. No curses, no writing, no exec.

noinst_LIBRARIES += libcore.a
libcore_a_CPPFLAGS = $(AM_CPPFLAGS) $(PCI_CFLAGS) $(KMOD_CFLAGS)
libcore_a_SOURCES = \
	src/core/access/access.c src/core/access/access.h \
	src/core/access/accounts.c \
	src/core/base/buf.c src/core/base/buf.h \
	src/core/base/err.c src/core/base/err.h \
	src/core/base/root.c src/core/base/root.h \
	src/core/base/strv.c src/core/base/strv.h \
	src/core/base/text.c src/core/base/text.h \
	src/core/base/util.h \
	src/core/check/boot.c \
	src/core/check/check.h \
	src/core/check/hardware.c \
	src/core/check/iommu.c \
	src/core/check/kernel.c \
	src/core/check/platform.c \
	src/core/check/table.c \
	src/core/edit/array.c src/core/edit/array.h \
	src/core/edit/assign.c \
	src/core/edit/block.c src/core/edit/block.h \
	src/core/edit/ifname.c src/core/edit/ifname.h \
	src/core/edit/cmdlines.c src/core/edit/cmdlines.h \
	src/core/edit/commas.c src/core/edit/commas.h \
	src/core/edit/jsonlist.c src/core/edit/jsonlist.h \
	src/core/edit/modlist.c src/core/edit/modlist.h \
	src/core/edit/modprobe.c src/core/edit/modprobe.h \
	src/core/edit/shell.c src/core/edit/shell.h \
	src/core/edit/token.c src/core/edit/token.h \
	src/core/edit/udev.c src/core/edit/udev.h \
	src/core/edit/words.c src/core/edit/words.h \
	src/core/export/export.h \
	src/core/export/libvirt.c \
	src/core/export/proxmox.c \
	src/core/export/qemu.c \
	src/core/export/table.c \
	src/core/host/claims.c src/core/host/claims.h \
	src/core/host/detail.c src/core/host/detail.h \
	src/core/host/device.c src/core/host/device.h \
	src/core/host/files.c src/core/host/files.h \
	src/core/host/framebuffer.c \
	src/core/host/group.c \
	src/core/host/host.c src/core/host/host.h \
	src/core/host/kernel.c src/core/host/kernel.h \
	src/core/host/klog.c src/core/host/klog.h \
	src/core/host/module.c src/core/host/module.h \
	src/core/host/pcilib.c src/core/host/pcilib.h \
	src/core/host/iort.c src/core/host/iort.h \
	src/core/host/rename.c src/core/host/rename.h \
	src/core/host/scan.c src/core/host/scan.h \
	src/core/host/use.c src/core/host/use.h \
	src/core/initramfs/initramfs.h \
	src/core/initramfs/booster.c \
	src/core/initramfs/dracut.c \
	src/core/initramfs/images.c \
	src/core/initramfs/initramfs-tools.c \
	src/core/initramfs/mkinitcpio.c \
	src/core/initramfs/none.c \
	src/core/initramfs/table.c \
	src/core/lifeline/block.c \
	src/core/lifeline/bmc.c \
	src/core/lifeline/disk.c \
	src/core/lifeline/display.c \
	src/core/lifeline/filesystem.c \
	src/core/lifeline/input.c \
	src/core/lifeline/lifeline.h \
	src/core/lifeline/mounts.c src/core/lifeline/mounts.h \
	src/core/lifeline/network.c \
	src/core/lifeline/reach.c src/core/lifeline/reach.h \
	src/core/lifeline/routes.c src/core/lifeline/routes.h \
	src/core/lifeline/session.c \
	src/core/lifeline/sriov.c \
	src/core/lifeline/table.c \
	src/core/lifeline/trace.h \
	src/core/lifeline/walk.c \
	src/core/loader/bls.c \
	src/core/loader/by-hand.c \
	src/core/loader/copies.c \
	src/core/loader/grub.c \
	src/core/loader/inplace.c \
	src/core/loader/kernel-install.c \
	src/core/loader/kernelstub.c \
	src/core/loader/limine.c \
	src/core/loader/loader.h \
	src/core/loader/prompt.c \
	src/core/loader/proxmox.c \
	src/core/loader/refind.c \
	src/core/loader/shellvar.c \
	src/core/loader/systemd-boot.c \
	src/core/loader/table.c \
	src/core/loader/u-boot-menu.c \
	src/core/loader/unified.c \
	src/core/method/alias.c \
	src/core/method/blacklist.c \
	src/core/method/dropins.c \
	src/core/method/idlist.c src/core/method/idlist.h \
	src/core/method/ids.c \
	src/core/method/method.h \
	src/core/method/override.c \
	src/core/method/softdep.c \
	src/core/method/table.c \
	src/core/method/users_devices.c \
	src/core/method/users.c src/core/method/users.h \
	src/core/method/users_ids.c \
	src/core/method/users_lists.c \
	src/core/method/users_words.c \
	src/core/plan/bind.c src/core/plan/bind.h \
	src/core/plan/build.c src/core/plan/build.h \
	src/core/plan/checks.c \
	src/core/plan/cmdline.c \
	src/core/plan/console.c \
	src/core/plan/expect.c \
	src/core/plan/forecast.c \
	src/core/plan/framebuffer.c \
	src/core/plan/outlook.c src/core/plan/outlook.h \
	src/core/plan/plan.c src/core/plan/plan.h \
	src/core/plan/predict.c \
	src/core/plan/network.c \
	src/core/plan/reason.c src/core/plan/reason.h \
	src/core/plan/repair.c src/core/plan/repair.h \
	src/core/plan/verify.c src/core/plan/verify.h \
	src/core/plan/vfs.c \
	src/core/plan/wish.c \
	src/core/plan/words.c
CORE_LIBS = libcore.a libassets.a $(PCI_LIBS) $(KMOD_LIBS)
