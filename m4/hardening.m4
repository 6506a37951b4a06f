# SPDX-License-Identifier: GPL-2.0-or-later
# What the compiler and the linker have against a program being turned against its user.
# Each is taken where a program builds with it without a warning.
#
# The flags go before the user's own CFLAGS and LDFLAGS, so that the user's count.

# PCIFERRY_HARDEN_TRY(VARIABLE, FLAG, [PROGRAM], [ELSE]): adds FLAG to VARIABLE, and tries
# it together with the user's flags.
AC_DEFUN([PCIFERRY_HARDEN_TRY], [
  AC_MSG_CHECKING([whether $2 works])
  harden_cflags=$CFLAGS harden_ldflags=$LDFLAGS
  AS_IF([test "$1" = HARDEN_LDFLAGS],
    [CFLAGS="$HARDEN_CFLAGS $CFLAGS" LDFLAGS="$HARDEN_LDFLAGS $2 $LDFLAGS"],
    [CFLAGS="$HARDEN_CFLAGS $2 $CFLAGS"])
  CFLAGS="$CFLAGS -Werror"
  AC_LINK_IFELSE([m4_default([$3], [AC_LANG_PROGRAM([], [])])],
    [harden_works=yes], [harden_works=no])
  CFLAGS=$harden_cflags LDFLAGS=$harden_ldflags
  AC_MSG_RESULT([$harden_works])
  AS_IF([test "$harden_works" = yes], [AS_VAR_APPEND([$1], [" $2"])], [$4])
])

# PCIFERRY_HARDEN_FORTIFY(LEVEL, [ELSE]): what the C library makes of it tells, which goes by
# the compiler, too, and is nothing where nothing is optimised.
AC_DEFUN([PCIFERRY_HARDEN_FORTIFY], [
  PCIFERRY_HARDEN_TRY([HARDEN_CFLAGS], [-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$1],
    [AC_LANG_PROGRAM([[#include <string.h>
#if __USE_FORTIFY_LEVEL != $1
#error another level
#endif]], [])], [$2])
])

AC_DEFUN([PCIFERRY_HARDEN], [
  HARDEN_CFLAGS= HARDEN_LDFLAGS=
  PCIFERRY_HARDEN_TRY([HARDEN_CFLAGS], [-fPIE])
  PCIFERRY_HARDEN_TRY([HARDEN_LDFLAGS], [-pie])
  PCIFERRY_HARDEN_TRY([HARDEN_LDFLAGS], [-Wl,-z,relro])
  PCIFERRY_HARDEN_TRY([HARDEN_LDFLAGS], [-Wl,-z,now])
  PCIFERRY_HARDEN_TRY([HARDEN_CFLAGS], [-fstack-protector-strong])
  PCIFERRY_HARDEN_TRY([HARDEN_CFLAGS], [-fstack-clash-protection])
  PCIFERRY_HARDEN_TRY([HARDEN_CFLAGS], [-fcf-protection])
  PCIFERRY_HARDEN_TRY([HARDEN_CFLAGS], [-mbranch-protection=standard])
  # A level that the user gives counts; a sanitizer looks after the same calls itself.
  AS_CASE([" $SANITIZE_FLAGS $CPPFLAGS $CFLAGS "],
    [*-fsanitize=* | *_FORTIFY_SOURCE*], [],
    [PCIFERRY_HARDEN_FORTIFY([3], [PCIFERRY_HARDEN_FORTIFY([2])])])
  AC_SUBST([HARDEN_CFLAGS])
  AC_SUBST([HARDEN_LDFLAGS])
])
