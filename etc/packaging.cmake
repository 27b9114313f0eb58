# SPDX-License-Identifier: Apache-2.0
# Debian packages, one for each component: configure with -DCMAKE_INSTALL_PREFIX=/usr, build, and call cpack.
set(CPACK_PACKAGE_NAME libipc)
set(CPACK_PACKAGE_VENDOR "libipc")
set(CPACK_PACKAGE_CONTACT "libipc maintainers")
# Each package has a summary of its own; one for all would be put before it.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_GENERATOR DEB)
# Paths are compiled in, so a package is for the prefix that was configured.
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_STRIP_FILES ON)

set(CPACK_COMPONENTS_ALL roudi runtime devel)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# dpkg-shlibdeps knows no package for a library of this very build.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/lib)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_ROUDI_PACKAGE_NAME roudi)
set(CPACK_DEBIAN_ROUDI_PACKAGE_SECTION net)
set(CPACK_DEBIAN_ROUDI_DESCRIPTION "Broker for zero-copy inter-process communication
Runs in the background, hands out shared memory to applications that link libipc,
and sees who is there; roudictl shows it.")
# roudictl and the library are of one version.
set(CPACK_DEBIAN_ROUDI_PACKAGE_DEPENDS "libipc0 (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_ROUDI_PACKAGE_RECOMMENDS systemd)
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/etc/debian/conffiles @ONLY
    CONTENT "@CMAKE_INSTALL_FULL_SYSCONFDIR@/roudi/roudi.json\n")
set(CPACK_DEBIAN_ROUDI_PACKAGE_CONTROL_EXTRA
    ${PROJECT_BINARY_DIR}/etc/debian/conffiles ${CMAKE_CURRENT_LIST_DIR}/debian/postinst
    ${CMAKE_CURRENT_LIST_DIR}/debian/prerm ${CMAKE_CURRENT_LIST_DIR}/debian/postrm)

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME libipc0)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_RUNTIME_DESCRIPTION "Zero-copy inter-process communication, shared library
Publish-subscribe between processes of one machine, through memory that both have mapped.")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS roudi)

set(CPACK_DEBIAN_DEVEL_PACKAGE_NAME libipc-dev)
set(CPACK_DEBIAN_DEVEL_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVEL_DESCRIPTION "Zero-copy inter-process communication, development files
Headers, the static library, and what CMake and pkg-config need.")
set(CPACK_DEBIAN_DEVEL_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEVEL_PACKAGE_DEPENDS "libipc0 (= ${PROJECT_VERSION}), libexpected-dev")

include(CPack)
