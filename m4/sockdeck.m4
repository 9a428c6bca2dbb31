# SOCKDECK_WARNING(FLAG): adds FLAG to WARN_CFLAGS if the compiler knows it.
AC_DEFUN([SOCKDECK_WARNING], [
  AC_MSG_CHECKING([whether $CC knows $1])
  sockdeck_saved_cflags=$CFLAGS
  CFLAGS="$CFLAGS -Werror $1"
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM()],
    [AC_MSG_RESULT([yes])
     AS_VAR_APPEND([WARN_CFLAGS], [" $1"])],
    [AC_MSG_RESULT([no])])
  CFLAGS=$sockdeck_saved_cflags
])

# SOCKDECK_LINK_FLAG(FLAG): adds FLAG to LINK_LDFLAGS if a program can be linked with it.
AC_DEFUN([SOCKDECK_LINK_FLAG], [
  AC_MSG_CHECKING([whether the linker knows $1])
  sockdeck_saved_ldflags=$LDFLAGS
  LDFLAGS="$LDFLAGS $1"
  AC_LINK_IFELSE([AC_LANG_PROGRAM()],
    [AC_MSG_RESULT([yes])
     AS_VAR_APPEND([LINK_LDFLAGS], [" $1"])],
    [AC_MSG_RESULT([no])])
  LDFLAGS=$sockdeck_saved_ldflags
])

# SOCKDECK_REQUIRE_LINK(FLAGS): ends configure if a program cannot be built with FLAGS.
AC_DEFUN([SOCKDECK_REQUIRE_LINK], [
  AC_MSG_CHECKING([whether $CC links with $1])
  sockdeck_saved_cflags=$CFLAGS
  CFLAGS="$CFLAGS $1"
  AC_LINK_IFELSE([AC_LANG_PROGRAM()],
    [AC_MSG_RESULT([yes])],
    [AC_MSG_RESULT([no])
     AC_MSG_ERROR([$CC cannot build a program with $1])])
  CFLAGS=$sockdeck_saved_cflags
])
