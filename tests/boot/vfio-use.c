// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a program such as QEMU does first with a device that vfio-pci has
 * (Documentation/driver-api/vfio.rst): open the group, see that it is viable, put it into
 * a container with a type 1 IOMMU, get the device, and read what its regions say. It runs
 * in the guests of tests/boot, as a user who was given the group.
 *
 * usage: vfio-use ADDRESS
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

static void die(const char *what)
{
	fprintf(stderr, "vfio-use: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void require(int holds, const char *what)
{
	if (!holds) {
		fprintf(stderr, "vfio-use: %s\n", what);
		exit(1);
	}
}

/* The number that sysfs gives the device's group. */
static int group_number(const char *address)
{
	char path[128], target[256];
	ssize_t n;

	(void)snprintf(
		path, sizeof(path), "/sys/bus/pci/devices/%.32s/iommu_group", address);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		die(path);
	target[n] = '\0';
	return atoi(strrchr(target, '/') + 1);
}

static int open_group(int number, int container)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char path[64];
	int fd;

	(void)snprintf(path, sizeof(path), "/dev/vfio/%d", number);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die(path);
	if (ioctl(fd, VFIO_GROUP_GET_STATUS, &status) < 0)
		die("VFIO_GROUP_GET_STATUS");
	require(status.flags & VFIO_GROUP_FLAGS_VIABLE, "the group is not viable");
	if (ioctl(fd, VFIO_GROUP_SET_CONTAINER, &container) < 0)
		die("VFIO_GROUP_SET_CONTAINER");
	if (ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU) < 0)
		die("VFIO_SET_IOMMU");
	printf("group %d is viable\n", number);
	return fd;
}

/* A page of ours that the device may reach: what a guest's memory is. */
static void map_memory(int container)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.iova = 1 << 20,
		.size = 1 << 20,
	};
	void *memory = mmap(NULL, map.size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		die("mmap");
	map.vaddr = (uintptr_t)memory;
	if (ioctl(container, VFIO_IOMMU_MAP_DMA, &map) < 0)
		die("VFIO_IOMMU_MAP_DMA");
	printf("1 MiB is mapped for it\n");
}

static struct vfio_region_info region_of(int device, unsigned int index)
{
	struct vfio_region_info info = { .argsz = sizeof(info), .index = index };

	if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &info) < 0)
		die("VFIO_DEVICE_GET_REGION_INFO");
	return info;
}

/* The vendor and device ID in its configuration space are those that sysfs shows. */
static void check_config(int device, const char *address)
{
	struct vfio_region_info config = region_of(device, VFIO_PCI_CONFIG_REGION_INDEX);
	static const char *const names[] = { "vendor", "device" };
	uint16_t ids[2];

	if (pread(device, ids, sizeof(ids), (off_t)config.offset) != sizeof(ids))
		die("reading the configuration space");
	for (int i = 0; i < 2; i++) {
		char path[128];
		unsigned int id = 0;
		FILE *f;

		(void)snprintf(path, sizeof(path), "/sys/bus/pci/devices/%.32s/%s",
			address, names[i]);
		f = fopen(path, "re");
		if (!f || fscanf(f, "%x", &id) != 1)
			die(path);
		(void)fclose(f);
		require(id == ids[i], "its IDs are others than those in sysfs");
	}
	printf("its IDs are %04x:%04x\n", ids[0], ids[1]);
}

/* The first word of each region that has one. */
static void read_regions(int device)
{
	int n = 0;

	for (unsigned int i = 0; i < VFIO_PCI_ROM_REGION_INDEX; i++) {
		struct vfio_region_info region = region_of(device, i);
		uint32_t word;

		if (!region.size || !(region.flags & VFIO_REGION_INFO_FLAG_READ))
			continue;
		if (pread(device, &word, sizeof(word), (off_t)region.offset) !=
			sizeof(word))
			die("reading a region");
		printf("region %u: %" PRIu64 " bytes, 0x%08x\n", i, (uint64_t)region.size,
			word);
		n++;
	}
	require(n > 0, "no region could be read");
}

int main(int argc, char **argv)
{
	int container, group, device;

	require(argc == 2, "usage: vfio-use ADDRESS");
	container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	if (container < 0)
		die("/dev/vfio/vfio");
	require(ioctl(container, VFIO_GET_API_VERSION) == VFIO_API_VERSION,
		"another version of VFIO");
	group = open_group(group_number(argv[1]), container);
	map_memory(container);
	device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, argv[1]);
	if (device < 0)
		die("VFIO_GROUP_GET_DEVICE_FD");
	check_config(device, argv[1]);
	read_regions(device);
	return 0;
}
