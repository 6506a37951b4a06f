# libcore.a: what the host is and what should change. No curses, no writing, no exec.

noinst_LIBRARIES += libcore.a
libcore_a_CPPFLAGS = $(AM_CPPFLAGS) $(PCI_CFLAGS) $(KMOD_CFLAGS) $(MD_CFLAGS)
libcore_a_SOURCES = \
	src/core/base/alloc.c src/core/base/alloc.h \
	src/core/base/buf.c src/core/base/buf.h \
	src/core/base/err.c src/core/base/err.h \
	src/core/base/nearest.c src/core/base/nearest.h \
	src/core/base/root.c src/core/base/root.h \
	src/core/base/strv.c src/core/base/strv.h \
	src/core/base/text.c src/core/base/text.h \
	src/core/base/util.h \
	src/core/format/array.c src/core/format/array.h \
	src/core/format/attribute.c src/core/format/attribute.h \
	src/core/format/assign.c src/core/format/assign.h \
	src/core/format/block.c src/core/format/block.h \
	src/core/format/cmdlines.c src/core/format/cmdlines.h \
	src/core/format/commands.c src/core/format/commands.h \
	src/core/format/commas.c src/core/format/commas.h \
	src/core/format/condition.c src/core/format/condition.h \
	src/core/format/expand.c src/core/format/expand.h \
	src/core/format/ifname.c src/core/format/ifname.h \
	src/core/format/jsonlist.c src/core/format/jsonlist.h \
	src/core/format/kargs.c src/core/format/kargs.h \
	src/core/format/linux.c src/core/format/linux.h \
	src/core/format/modlist.c src/core/format/modlist.h \
	src/core/format/modprobe.c src/core/format/modprobe.h \
	src/core/format/names.c src/core/format/names.h \
	src/core/format/script.c src/core/format/script.h \
	src/core/format/shapes.c src/core/format/shapes.h \
	src/core/format/shell.c src/core/format/shell.h \
	src/core/format/token.c src/core/format/token.h \
	src/core/format/udev.c src/core/format/udev.h \
	src/core/format/udevkeys.c src/core/format/udevkeys.h \
	src/core/host/act.c src/core/host/act.h \
	src/core/host/claims.c src/core/host/claims.h \
	src/core/host/details.c src/core/host/details.h \
	src/core/host/device.c src/core/host/device.h \
	src/core/host/evidence.c src/core/host/evidence.h \
	src/core/host/file.c src/core/host/file.h \
	src/core/host/firmware.c src/core/host/firmware.h \
	src/core/host/group.c src/core/host/group.h \
	src/core/host/host.c src/core/host/host.h \
	src/core/host/iommu.c src/core/host/iommu.h \
	src/core/host/kernel.c src/core/host/kernel.h \
	src/core/host/modprobe.c src/core/host/modprobe.h \
	src/core/host/module.c src/core/host/module.h \
	src/core/host/mounts.c src/core/host/mounts.h \
	src/core/host/places.c src/core/host/places.h \
	src/core/host/probe.h \
	src/core/host/reach.c src/core/host/reach.h \
	src/core/host/renames.c src/core/host/renames.h \
	src/core/host/uses.c src/core/host/uses.h \
	src/core/lifeline/block.c src/core/lifeline/block.h \
	src/core/lifeline/bmc.c src/core/lifeline/bmc.h \
	src/core/lifeline/disk.c src/core/lifeline/disk.h \
	src/core/lifeline/display.c src/core/lifeline/display.h \
	src/core/lifeline/filesystem.c src/core/lifeline/filesystem.h \
	src/core/lifeline/input.c src/core/lifeline/input.h \
	src/core/lifeline/lifelines.c src/core/lifeline/lifelines.h \
	src/core/lifeline/mounts.c src/core/lifeline/mounts.h \
	src/core/lifeline/network.c src/core/lifeline/network.h \
	src/core/lifeline/routes.c src/core/lifeline/routes.h \
	src/core/lifeline/session.c src/core/lifeline/session.h \
	src/core/lifeline/sriov.c src/core/lifeline/sriov.h \
	src/core/lifeline/trace.h \
	src/core/lifeline/walk.c src/core/lifeline/walk.h \
	src/core/plan/draft.c src/core/plan/draft.h \
	src/core/plan/findings.c src/core/plan/findings.def src/core/plan/findings.h \
	src/core/plan/plan.c src/core/plan/plan.h \
	src/core/plan/request.c src/core/plan/request.h \
	src/core/plan/steps.c src/core/plan/steps.h \
	src/core/access/access.c src/core/access/access.h \
	src/core/access/accounts.c src/core/access/accounts.h \
	src/core/initramfs/booster.c \
	src/core/initramfs/dracut.c \
	src/core/initramfs/generators.c src/core/initramfs/generators.h \
	src/core/initramfs/images.c src/core/initramfs/images.h \
	src/core/initramfs/initramfs.h \
	src/core/initramfs/initramfs-tools.c \
	src/core/initramfs/mkinitcpio.c \
	src/core/initramfs/none.c \
	src/core/method/alias.c \
	src/core/method/blacklist.c \
	src/core/method/dropins.c src/core/method/dropins.h \
	src/core/method/idlist.c src/core/method/idlist.h \
	src/core/method/ids.c src/core/method/ids.h \
	src/core/method/method.c src/core/method/method.h \
	src/core/method/methods.c src/core/method/methods.h \
	src/core/method/override.c \
	src/core/method/softdep.c src/core/method/softdep.h \
	src/core/existing/devices.c src/core/existing/devices.h \
	src/core/existing/door.h \
	src/core/existing/doors.c src/core/existing/doors.h \
	src/core/existing/doors_image.c src/core/existing/doors_image.h \
	src/core/existing/doors_system.c src/core/existing/doors_system.h \
	src/core/existing/existing.c src/core/existing/existing.h \
	src/core/existing/ids.c src/core/existing/ids.h \
	src/core/existing/kargs.c src/core/existing/kargs.h \
	src/core/existing/lists.c src/core/existing/lists.h \
	src/core/existing/rules.c src/core/existing/rules.h \
	src/core/loader/appliance.c \
	src/core/existing/vfs.c src/core/existing/vfs.h \
	src/core/loader/bls.c src/core/loader/bls.h \
	src/core/loader/boots.c src/core/loader/boots.h \
	src/core/loader/unread.c src/core/loader/unread.h \
	src/core/loader/by-hand.c \
	src/core/loader/copies.c src/core/loader/copies.h \
	src/core/loader/entries.c src/core/loader/entries.h \
	src/core/loader/extlinux.c \
	src/core/loader/efi.c src/core/loader/efi.h \
	src/core/loader/grub.c \
	src/core/loader/inplace.c src/core/loader/inplace.h \
	src/core/loader/kernel-install.c src/core/loader/kernel-install.h \
	src/core/loader/kernelstub.c \
	src/core/loader/limine.c \
	src/core/loader/loader.h \
	src/core/loader/loaders.c src/core/loader/loaders.h \
	src/core/loader/prompt.c src/core/loader/prompt.h \
	src/core/loader/proxmox.c \
	src/core/loader/refind.c \
	src/core/loader/shellvar.c src/core/loader/shellvar.h \
	src/core/loader/systemd-boot.c src/core/loader/systemd-boot.h \
	src/core/loader/u-boot-menu.c \
	src/core/loader/unified.c \
	src/core/loader/words.c \
	src/core/facts/acs.c src/core/facts/acs.h \
	src/core/facts/denylist.c src/core/facts/denylist.h \
	src/core/facts/fact.c src/core/facts/fact.h \
	src/core/facts/facts.c src/core/facts/facts.h \
	src/core/facts/groupless.c src/core/facts/groupless.h \
	src/core/facts/interrupts.c src/core/facts/interrupts.h \
	src/core/facts/iommu.c src/core/facts/iommu.h \
	src/core/facts/menus.c src/core/facts/menus.h \
	src/core/facts/platform.c src/core/facts/platform.h \
	src/core/planner/bind.c src/core/planner/bind.h \
	src/core/planner/checks.c src/core/planner/checks.h \
	src/core/planner/cmdline.c src/core/planner/cmdline.h \
	src/core/planner/console.c src/core/planner/console.h \
	src/core/planner/forecast.c src/core/planner/forecast.h \
	src/core/planner/forecast_acts.c src/core/planner/forecast_acts.h \
	src/core/planner/forecast_boot.c src/core/planner/forecast_boot.h \
	src/core/planner/forecast_device.c src/core/planner/forecast_device.h \
	src/core/planner/forecast_own.c src/core/planner/forecast_own.h \
	src/core/planner/framebuffer.c src/core/planner/framebuffer.h \
	src/core/planner/kargs.c src/core/planner/kargs.h \
	src/core/planner/lasting.c src/core/planner/lasting.h \
	src/core/planner/network.c src/core/planner/network.h \
	src/core/planner/planner.c src/core/planner/planner.h \
	src/core/planner/states.c src/core/planner/states.h \
	src/core/planner/vfs.c src/core/planner/vfs.h \
	src/core/scan/capabilities.c src/core/scan/capabilities.h \
	src/core/scan/dangling.c src/core/scan/dangling.h \
	src/core/scan/details.c src/core/scan/details.h \
	src/core/scan/devices.c src/core/scan/devices.h \
	src/core/scan/doors.c src/core/scan/doors.h \
	src/core/scan/files.c src/core/scan/files.h \
	src/core/scan/firmware.c src/core/scan/firmware.h \
	src/core/scan/framebuffer.c src/core/scan/framebuffer.h \
	src/core/scan/groups.c src/core/scan/groups.h \
	src/core/scan/iommu.c src/core/scan/iommu.h \
	src/core/scan/iort.c src/core/scan/iort.h \
	src/core/scan/kernels.c src/core/scan/kernels.h \
	src/core/scan/klog.c src/core/scan/klog.h \
	src/core/scan/packages.c src/core/scan/packages.h \
	src/core/scan/pcilib.c src/core/scan/pcilib.h \
	src/core/scan/places.c src/core/scan/places.h \
	src/core/scan/reach.c src/core/scan/reach.h \
	src/core/scan/renames.c src/core/scan/renames.h \
	src/core/scan/scan.c src/core/scan/scan.h \
	src/core/scan/units.c src/core/scan/units.h \
	src/core/scan/uses.c src/core/scan/uses.h \
	src/core/verify/expect.c src/core/verify/expect.h \
	src/core/verify/reason.c src/core/verify/reason.h \
	src/core/verify/repair.c src/core/verify/repair.h \
	src/core/verify/verify.c src/core/verify/verify.h \
	src/core/export/export.c src/core/export/export.h \
	src/core/export/formats.c src/core/export/formats.h \
	src/core/export/libvirt.c \
	src/core/export/proxmox.c \
	src/core/export/qemu.c \
	src/core/check/boot.c src/core/check/boot.h \
	src/core/check/check.c src/core/check/check.h \
	src/core/check/checks.c src/core/check/checks.h \
	src/core/check/hardware.c src/core/check/hardware.h \
	src/core/check/iommu.c src/core/check/iommu.h \
	src/core/check/kernel.c src/core/check/kernel.h \
	src/core/check/lasting.c src/core/check/lasting.h \
	src/core/check/platform.c src/core/check/platform.h
CORE_LIBS = libcore.a libassets.a $(PCI_LIBS) $(KMOD_LIBS) $(MD_LIBS)
