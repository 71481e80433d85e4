; The setup program of the desktop. Silent with /S; for every user of the computer with /ALLUSERS (as administrator);
; /SERVER=ADDRESS presets the server; /RELAUNCH starts the desktop afterwards, as an update does.
; `cargo xtask bundle --windows` defines SOURCE, OUT and VERSION.
; Baton is a 64-bit program, and so is its setup.
Target amd64-unicode
SetCompressor /SOLID lzma
RequestExecutionLevel user
Name "Baton"
OutFile "${OUT}"
Icon "${SOURCE}/icon.ico"
UninstallIcon "${SOURCE}/icon.ico"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "Baton"
VIAddVersionKey "FileDescription" "Baton setup"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "MIT"

!include "FileFunc.nsh"
!include "LogicLib.nsh"
!insertmacro GetParameters
!insertmacro GetOptions

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Baton"
!define WEBVIEW "Software\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"

Var Parameters
Var Server
Var Tries

Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

Function .onInit
  SetRegView 64
  ${GetParameters} $Parameters
  ClearErrors
  ${GetOptions} $Parameters "/ALLUSERS" $0
  ${If} ${Errors}
    SetShellVarContext current
    StrCpy $INSTDIR "$LOCALAPPDATA\Programs\Baton"
  ${Else}
    SetShellVarContext all
    StrCpy $INSTDIR "$PROGRAMFILES64\Baton"
  ${EndIf}
  ClearErrors
  ${GetOptions} $Parameters "/SERVER=" $Server
FunctionEnd

Section
  SetOutPath $INSTDIR
  ; A desktop that updates itself may still be ending.
  StrCpy $Tries 0
  again:
  ClearErrors
  Delete "$INSTDIR\baton-desktop.exe"
  ${If} ${Errors}
    IntOp $Tries $Tries + 1
    ${If} $Tries < 60
      Sleep 500
      Goto again
    ${EndIf}
    MessageBox MB_ICONSTOP "Baton is running. Close it, and start this once more." /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
  File "${SOURCE}/baton-desktop.exe"
  File "${SOURCE}/WebView2Loader.dll"
  File "${SOURCE}/package.json"
  File "${SOURCE}/LICENSE.txt"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Baton.lnk" "$INSTDIR\baton-desktop.exe"
  WriteRegStr SHCTX "Software\Classes\baton" "" "URL:Baton"
  WriteRegStr SHCTX "Software\Classes\baton" "URL Protocol" ""
  WriteRegStr SHCTX "Software\Classes\baton\shell\open\command" "" '"$INSTDIR\baton-desktop.exe" "%1"'
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayName" "Baton"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayIcon" "$INSTDIR\baton-desktop.exe"
  WriteRegStr SHCTX "${UNINSTALL}" "Publisher" "The Baton developers"
  WriteRegStr SHCTX "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr SHCTX "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD SHCTX "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINSTALL}" "NoRepair" 1
  ${If} $Server != ""
    WriteRegStr SHCTX "Software\Baton" "Server" "$Server"
  ${EndIf}
  ReadRegStr $0 HKLM "Software\WOW6432Node\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}" "pv"
  ${If} $0 == ""
    ReadRegStr $0 HKCU "${WEBVIEW}" "pv"
  ${EndIf}
  ${If} $0 == ""
    MessageBox MB_ICONINFORMATION "Baton shows its pages with Microsoft's WebView2, which is not on this computer yet. Install the WebView2 Runtime before you start Baton." /SD IDOK
  ${EndIf}
  ClearErrors
  ${GetOptions} $Parameters "/RELAUNCH" $0
  ${IfNot} ${Errors}
    Exec '"$INSTDIR\baton-desktop.exe"'
  ${EndIf}
SectionEnd

Function un.onInit
  SetRegView 64
  ${If} $INSTDIR == "$PROGRAMFILES64\Baton"
    SetShellVarContext all
  ${Else}
    SetShellVarContext current
  ${EndIf}
FunctionEnd

Section "Uninstall"
  Delete "$INSTDIR\baton-desktop.exe"
  Delete "$INSTDIR\WebView2Loader.dll"
  Delete "$INSTDIR\package.json"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Baton.lnk"
  DeleteRegKey SHCTX "Software\Classes\baton"
  DeleteRegKey SHCTX "Software\Baton"
  DeleteRegKey SHCTX "${UNINSTALL}"
  ; What a person chose: to start with the computer.
  DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "Baton"
SectionEnd
